namespace Cortex.Identity.AuthorizationServer.SignIn.MagicLink;

/// <summary>What handing a mail to the mail server came to.</summary>
internal abstract record MailDelivery
{
    private MailDelivery()
    {
    }

    /// <summary>The server has it.</summary>
    public sealed record Accepted : MailDelivery
    {
        public static Accepted Instance { get; } = new();
    }

    /// <summary>The server refuses this recipient.</summary>
    /// <param name="Reason">For the log: without the address.</param>
    public sealed record Refused(string Reason) : MailDelivery;

    /// <summary>The server can't be reached, or does not take mail from here.</summary>
    /// <param name="Reason">For the log: without the address.</param>
    public sealed record Failed(string Reason) : MailDelivery;
}
