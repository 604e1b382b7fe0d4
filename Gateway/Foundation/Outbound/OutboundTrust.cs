namespace Cortex.Foundation.Outbound;

/// <summary>Where an address came from, and so how far it is followed.</summary>
internal enum OutboundTrust
{
    /// <summary>Written by an operator: any host over https, loopback over http as well.</summary>
    Operator,

    /// <summary>Written by an operator who also allowed plaintext: any host over http or https.</summary>
    OperatorPlaintext,

    /// <summary>Met at run time, in someone's metadata: https, and public addresses only.</summary>
    Discovered,

    /// <summary>Met at run time in the metadata of a party that itself runs on loopback: as <see cref="Discovered"/>, and loopback.</summary>
    DiscoveredOnLoopback,
}
