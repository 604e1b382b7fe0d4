namespace Cortex.Foundation.Model;

/// <summary>The names of the tools that the gateway itself offers.</summary>
internal static class BuiltinNames
{
    public const string WhoAmI = "whoami";
    public const string GetSnapshots = "get_snapshots";
    public const string ListResources = "list_cortex_resources";
    public const string ReadResource = "read_cortex_resource";

    public const string ReportMissingCapability = "report_missing_capability";
    public const string ListTickets = "list_cortex_tickets";

    public const string FindTools = "find_tools";
    public const string CallTool = "call_tool";

    /// <summary>Those that only callers are shown whose tools/list is cut down to be searched; all may call them.</summary>
    public static readonly IReadOnlyList<string> OfSearch = [FindTools, CallTool];

    public static readonly IReadOnlyList<string> All = [WhoAmI, ReportMissingCapability, ListTickets, GetSnapshots, ListResources, ReadResource, .. OfSearch];
}
