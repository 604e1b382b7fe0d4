namespace Cortex.Cli.Doctor.Wire;

/// <summary>What a server's certificate says of itself, and what clients make of it.</summary>
/// <param name="Subject">Whose it is.</param>
/// <param name="Authority">Who signed it.</param>
/// <param name="NotAfter">When it ends.</param>
/// <param name="Names">The hosts it is for.</param>
/// <param name="IsInTime">False when it, or one it rests on, is not valid now.</param>
/// <param name="IsNamed">True when it is for the host that was asked.</param>
/// <param name="IsTrusted">True when it rests on a trusted authority.</param>
internal sealed record CertificateLook(
    string Subject, string Authority, DateTimeOffset NotAfter, IReadOnlyList<string> Names, bool IsInTime, bool IsNamed, bool IsTrusted);
