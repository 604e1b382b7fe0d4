using Cortex.Governance.Audit;

namespace Cortex.Console.Account;

/// <summary>Says in words what an audit record tells.</summary>
internal static class ActivityWords
{
    public static string Describe(AuditMoment moment) => moment.Event switch
    {
        "auth.sign_in" => "Signed in",
        "auth.sign_out" => "Signed out everywhere",
        "auth.consent" => "Answered what a client may do",
        "auth.token" => "A client got a token",
        "auth.revoke" => "Access was ended",
        "auth.disconnect" => "Client disconnected",
        "auth.personal_token" => "Personal access token made",
        "account.link" => "Linking an account",
        "account.linked" => "Account linked",
        "account.unlinked" => "Account unlinked",
        "mcp.request" => DescribeMethod(moment.Method),
        _ => moment.Event,
    };

    public static string DescribeOutcome(string outcome) => outcome switch
    {
        "ok" => "Done",
        "denied" => "Refused",
        "error" => "Failed",
        "timeout" => "Took too long",
        "cancelled" => "Cancelled",
        "unauthenticated" => "Not signed in",
        _ => outcome,
    };

    private static string DescribeMethod(string? method) => method switch
    {
        "tools/call" => "Tool called",
        "prompts/get" => "Prompt read",
        "resources/read" => "Resource read",
        "initialize" or "server/discover" => "Connected",
        null => "Request that could not be read",
        _ => $"Request {method}",
    };
}
