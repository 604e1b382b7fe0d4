namespace Cortex.Backends;

/// <summary>How the gateway's client shows its secret at a token endpoint (<see href="https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1">RFC 6749, section 2.3.1</see>).</summary>
internal enum ExchangeAuthentication
{
    /// <summary>Id and secret in the header.</summary>
    Basic,

    /// <summary>Id and secret in the form.</summary>
    Post,
}
