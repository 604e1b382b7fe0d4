namespace Cortex.Backends.Contract;

/// <summary>Says in one sentence what became of a call, for logs and operators.</summary>
internal static class ContractOutcomeText
{
    public static string ForOperators(ContractOutcome outcome) => outcome switch
    {
        ContractOutcome.Returned => "the backend answered.",
        ContractOutcome.NotAuthenticated not => $"the backend answered 401{Quote(not.Error)}; check that it trusts the gateway's issuer and its own audience.",
        ContractOutcome.ScopeMissing missing => $"the backend answered 403 and requires the scope '{missing.Required}'.",
        ContractOutcome.Denied denied => $"the backend answered 403{Quote(denied.Error)}.",
        ContractOutcome.Failed failed => $"the backend answered {failed.Status}{Quote(failed.Error)}.",
        ContractOutcome.NotJson not => $"the backend answered 200 with {not.MediaType ?? "no media type"} instead of JSON.",
        ContractOutcome.Oversized oversized => $"the reply is larger than {oversized.MaxBytes} bytes.",
        ContractOutcome.TimedOut timedOut => $"no reply within {timedOut.After.TotalSeconds:0.#} s.",
        _ => "the backend can't be reached.",
    };

    private static string Quote(string? error) => error is null ? "" : $" ({error})";
}
