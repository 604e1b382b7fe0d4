using System.Security.Cryptography.X509Certificates;
using Cortex.Cli.Findings;

namespace Cortex.Cli.Doctor;

/// <summary>What <c>cortex doctor</c> was told.</summary>
internal sealed record DoctorOptions : IFindingOptions
{
    /// <summary>The address that clients are given, as it was written: clients compare it as a text.</summary>
    public required string Address { get; init; }

    /// <summary>A token for it; null to look at what everyone sees.</summary>
    public string? Token { get; init; }

    /// <summary>Longest wait for a reply.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>Longest wait for the first bytes of a stream.</summary>
    public required TimeSpan StreamTimeout { get; init; }

    /// <summary>How long an open stream is watched for the next sign of life; zero: not at all.</summary>
    public TimeSpan Watch { get; init; }

    /// <summary>Whose pages call the gateway; null: those of a well-known client, which need not be let in.</summary>
    public string? Origin { get; init; }

    /// <summary>True to register a client.</summary>
    public bool Registers { get; init; }

    /// <summary>Certificate authorities to trust besides the system's.</summary>
    public X509Certificate2Collection Authorities { get; init; } = [];

    public IReadOnlyCollection<string> Secrets => Token is null ? [] : [Token];
}
