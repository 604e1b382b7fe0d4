using Cortex.Foundation.Pages;

namespace Cortex.Identity.AuthorizationServer.Consent;

/// <summary>What the consent page shows and sends back. Public because components are.</summary>
/// <param name="Token">The form token.</param>
/// <param name="Request">The authorization request as it came; it is validated again when the form arrives.</param>
/// <param name="Person">Name of the person, for the header.</param>
/// <param name="Account">The address or id that tells accounts apart.</param>
/// <param name="SwitchAccount">Address of the sign-in page that comes back here.</param>
/// <param name="Client">Who asks.</param>
/// <param name="Scopes">What it asks for, each with its meaning.</param>
/// <param name="Seal">What the page shows, sealed: see <see cref="ConsentSeal"/>.</param>
public sealed record ConsentForm(
    FormToken Token,
    IReadOnlyList<KeyValuePair<string, string>> Request,
    string Person,
    string Account,
    string SwitchAccount,
    ConsentClient Client,
    IReadOnlyList<KeyValuePair<string, string>> Scopes,
    string Seal)
{
    /// <summary>Name of the two buttons.</summary>
    public const string Decision = "consent_decision";

    /// <summary>Name of the scopes' checkboxes.</summary>
    public const string Keep = "consent_scope";

    /// <summary>Name of the field that carries <see cref="Seal"/>.</summary>
    public const string Shown = "consent_shown";

    public const string Allow = "allow";

    public const string Deny = "deny";
}

/// <summary>The client as it described itself. Public because components are.</summary>
/// <param name="Name">The name it gave itself, or its id.</param>
/// <param name="Page">Address of its home page; null when it named none.</param>
/// <param name="Destination">Where the answer goes: host or app scheme.</param>
/// <param name="IsLocal">True when the answer goes to a program on this computer, which nobody can vouch for.</param>
/// <param name="Host">The host that publishes the client's description, for a client known by one; null for others.</param>
/// <param name="IsOnlyLocal">True when every address of the client is on this computer, where any program can pass for it.</param>
public sealed record ConsentClient(string Name, string? Page, string Destination, bool IsLocal, string? Host, bool IsOnlyLocal);
