namespace Cortex.Sessions;

/// <summary>What a replica tells all others of a session.</summary>
internal enum SessionSignalKind : byte
{
    /// <summary>Its owner ended it: everything that belongs to it stops.</summary>
    Ended = 1,

    /// <summary>Its record changed: subscriptions or log level.</summary>
    Changed = 2,

    /// <summary>The client cancelled a call; the subject is the raw id of its request.</summary>
    Cancelled = 3,

    /// <summary>The client answered a server's request; the subject is the outward id of that request.</summary>
    Answered = 4,

    /// <summary>A stream got another event while its client was away; the subject is the stream's id.</summary>
    Appended = 5,

    /// <summary>A GET stream was opened, and is now the one that gets notifications; the subject is its id.</summary>
    StreamOpened = 6,

    /// <summary>A GET stream was closed; the subject is its id.</summary>
    StreamClosed = 7,

    /// <summary>What the person was asked to do at an address is done; the subject is the id of that elicitation.</summary>
    Elicited = 8,
}

/// <summary>One signal.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Session">To which session.</param>
/// <param name="Subject">What in it; empty where the kind has none.</param>
internal readonly record struct SessionSignal(SessionSignalKind Kind, SessionKey Session, string Subject = "");
