using Cortex.Foundation.Model;

namespace Cortex.Identity.Callers;

/// <summary><c>identity.authorizationServer.smtp:</c>, the mail server that takes the mail of the magic-link sign-in.</summary>
internal sealed class SmtpOptions
{
    /// <summary>Name or address of the server.</summary>
    public string Host { get; init; } = "";

    /// <summary>Port of the server. Default: 587, with <c>tls</c> 465.</summary>
    public int? Port { get; init; }

    /// <summary>How the connection is protected. The server's certificate must be valid for <c>host</c>.</summary>
    public SmtpSecurity Security { get; init; } = SmtpSecurity.StartTls;

    /// <summary>Allows <c>security: none</c> to a host that is not loopback: links, and the password, then travel readable.</summary>
    public bool AllowPlaintext { get; init; }

    /// <summary>User name at the server; unset: none is sent.</summary>
    public string? Username { get; init; }

    /// <summary>The user's password.</summary>
    public Secret? Password { get; init; }

    /// <summary>The sender: an address, or a name and an address such as <c>Cortex &lt;signin@example.com&gt;</c>.</summary>
    public string From { get; init; } = "";

    /// <summary>How long handing over one mail may take, from the connection to the server's word that it has it.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>The port that counts.</summary>
    public int FindPort() => Port ?? (Security == SmtpSecurity.Tls ? 465 : 587);
}

/// <summary>How the connection to a mail server is protected.</summary>
internal enum SmtpSecurity
{
    /// <summary>Encrypted from the first byte.</summary>
    Tls,

    /// <summary>Encrypted by STARTTLS before anything is sent; a server that does not offer it gets nothing.</summary>
    StartTls,

    /// <summary>Nothing: for a server on this machine.</summary>
    None,
}
