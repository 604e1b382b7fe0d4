namespace Cortex.Sessions;

/// <summary>Severity of <c>notifications/message</c> (RFC 5424), from the most talkative to the gravest: a lower value lets more through.</summary>
/// <remarks><see href="https://modelcontextprotocol.io/specification/2025-11-25/server/utilities/logging"/></remarks>
internal enum McpLogLevel
{
    Debug,
    Info,
    Notice,
    Warning,
    Error,
    Critical,
    Alert,
    Emergency,
}
