namespace Cortex.Backends.Contract;

/// <summary>What became of a call to a contract backend: a closed set, in the terms of the contract.</summary>
internal abstract record ContractOutcome
{
    private ContractOutcome()
    {
    }

    /// <summary>200 with JSON.</summary>
    internal sealed record Returned(ReadOnlyMemory<byte> Json) : ContractOutcome;

    /// <summary>401: the backend does not accept the token the gateway minted.</summary>
    internal sealed record NotAuthenticated(string? Error) : ContractOutcome;

    /// <summary>403 with <c>required</c>: the token lacks a scope.</summary>
    internal sealed record ScopeMissing(string Required) : ContractOutcome;

    /// <summary>403 without <c>required</c>: the app's own rules refuse this person.</summary>
    internal sealed record Denied(string? Error) : ContractOutcome;

    /// <summary>Any other error status; <paramref name="Error"/> is the app's own sentence, if it gave one.</summary>
    internal sealed record Failed(int Status, string? Error) : ContractOutcome;

    /// <summary>200, but not JSON.</summary>
    internal sealed record NotJson(string? MediaType) : ContractOutcome;

    /// <summary>The reply is larger than <c>maxReplyBytes</c>.</summary>
    internal sealed record Oversized(int MaxBytes) : ContractOutcome;

    /// <summary>No whole reply within <c>timeout</c>.</summary>
    internal sealed record TimedOut(TimeSpan After) : ContractOutcome;

    /// <summary>No connection, or it broke.</summary>
    internal sealed record Unreachable : ContractOutcome;
}
