using System.Diagnostics;
using Cortex.Foundation.Model;

namespace Cortex.Foundation.Observability;

/// <summary>
/// One MCP request or notification as telemetry sees it: one span and one duration point.
/// 1. <see cref="Start"/> when the first byte is there; 2. <see cref="Open"/> once the method is known, which starts the span and makes it current;
/// 3. set what becomes known; 4. <see cref="Finish"/> in <c>finally</c>. Belongs to one request at a time.
/// </summary>
internal sealed class McpOperation
{
    private readonly McpSide _side;
    private readonly TimeProvider _time;
    private readonly DateTimeOffset _startedAt;
    private readonly long _startedTicks;
    private Activity? _activity;
    private string _method = McpTelemetry.Other;
    private string? _error;
    private string? _statusCode;
    private bool _finished;

    private McpOperation(McpSide side, TimeProvider time)
    {
        _side = side;
        _time = time;
        _startedAt = time.GetUtcNow();
        _startedTicks = time.GetTimestamp();
    }

    /// <summary>Revision spoken, once known.</summary>
    public ProtocolVersion? Protocol { get; set; }

    /// <summary>The JSON-RPC id as text; null for a notification. On the span only.</summary>
    public string? RequestId { get; set; }

    /// <summary>Session of a legacy client. On the span only.</summary>
    public string? SessionId { get; set; }

    /// <summary>What the operation is about, once the catalog knows it.</summary>
    public McpTarget? Target { get; set; }

    /// <summary>The backend that owns the target.</summary>
    public BackendId? Backend { get; set; }

    /// <summary>The HTTP protocol as ASP.NET names it, for example <c>HTTP/1.1</c>.</summary>
    public string HttpProtocol { get; set; } = "HTTP/1.1";

    /// <summary>Time since the start.</summary>
    public TimeSpan Elapsed => _time.GetElapsedTime(_startedTicks);

    /// <summary>Trace id to show to people and to write into the audit record, 32 hexadecimal digits; null when nothing traces.</summary>
    public string? TraceId => (_activity ?? Activity.Current)?.TraceId.ToHexString();

    /// <summary>Starts the clock.</summary>
    public static McpOperation Start(McpSide side, TimeProvider time) => new(side, time);

    /// <summary>Starts the span, dated back to <see cref="Start"/>, and makes it <see cref="Activity.Current"/> for what the caller does next.</summary>
    /// <param name="method">Method as received; one that MCP does not define counts as <c>_OTHER</c>.</param>
    /// <param name="parent">Parent out of <c>_meta</c>: the HTTP span is then linked. Default: the HTTP span is the parent.</param>
    public void Open(string method, ActivityContext parent = default)
    {
        _method = McpMethods.Bound(method);
        var kind = _side == McpSide.Server ? ActivityKind.Server : ActivityKind.Client;
        var ambient = Activity.Current;
        _activity = parent == default
            ? Telemetry.Source.StartActivity(_method, kind, ambient?.Context ?? default, startTime: _startedAt)
            : Telemetry.Source.StartActivity(
                _method, kind, parent, links: ambient is null ? null : [new ActivityLink(ambient.Context)], startTime: _startedAt);
    }

    /// <summary>Marks the operation as failed.</summary>
    public void Fail(McpFailure failure) => _error = McpErrorTypes.Of(failure);

    /// <summary>Marks the operation as failed with a JSON-RPC error.</summary>
    public void Fail(int rpcCode)
    {
        _statusCode = McpErrorTypes.Of(rpcCode);
        _error = _statusCode;
    }

    /// <summary>Writes the duration point and ends the span. Every call but the first does nothing.</summary>
    public void Finish()
    {
        if (_finished)
            return;
        _finished = true;
        var tags = default(TagList);
        AddCommonTags(ref tags);
        (_side == McpSide.Server ? McpTelemetry.Server : McpTelemetry.Client).Record(Elapsed.TotalSeconds, tags);
        if (_activity is null)
            return;
        foreach (var tag in tags)
            _activity.SetTag(tag.Key, tag.Value);
        _activity.SetTag(McpTelemetry.RequestId, RequestId);
        _activity.SetTag(McpTelemetry.SessionId, SessionId);
        if (Target is McpTarget.Resource resource)
            _activity.SetTag(McpTelemetry.ResourceUri, resource.Uri.Split('?', '#')[0]);
        _activity.DisplayName = Target switch
        {
            McpTarget.Tool tool => $"{_method} {tool.Name}",
            McpTarget.Prompt prompt => $"{_method} {prompt.Name}",
            _ => _method,
        };
        if (_error is not null)
            _activity.SetStatus(ActivityStatusCode.Error);
        _activity.Dispose();
    }

    private void AddCommonTags(ref TagList tags)
    {
        tags.Add(McpTelemetry.MethodName, _method);
        if (Target is McpTarget.Tool tool)
        {
            tags.Add(McpTelemetry.ToolName, tool.Name);
            tags.Add(McpTelemetry.OperationName, McpTelemetry.ExecuteTool);
        }
        else if (Target is McpTarget.Prompt prompt)
        {
            tags.Add(McpTelemetry.PromptName, prompt.Name);
        }

        if (Backend is { } backend)
            tags.Add(McpTelemetry.Backend, backend.Value);
        if (Protocol is not null)
            tags.Add(McpTelemetry.ProtocolVersion, Protocol.Value);
        if (_error is not null)
            tags.Add(McpTelemetry.ErrorType, _error);
        if (_statusCode is not null)
            tags.Add(McpTelemetry.StatusCode, _statusCode);
        var (version, transport) = McpTransport.Of(HttpProtocol);
        tags.Add(McpTelemetry.NetworkProtocolName, "http");
        tags.Add(McpTelemetry.NetworkProtocolVersion, version);
        tags.Add(McpTelemetry.NetworkTransport, transport);
    }
}
