namespace Cortex.Identity.Linking;

/// <summary>What a caller is told who must link an account first.</summary>
/// <param name="Address">The gateway's own page, where the person links; it holds no token and serves its person alone.</param>
/// <param name="ElicitationId">Names this invitation where a client's era has a name for it.</param>
internal sealed record LinkInvitation(Uri Address, string ElicitationId);
