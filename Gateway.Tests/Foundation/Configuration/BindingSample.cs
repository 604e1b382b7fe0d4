namespace Cortex.Tests.Foundation.Configuration;

/// <summary>A good file that holds something of every kind.</summary>
internal static class BindingSample
{
    public const string Text = """
        gateway:
          publicUrl: http://localhost:8080
          allowedOrigins: [https://claude.ai, "*.example.com"]
          management: {port: 9090}
        identity:
          issuers:
            - issuer: https://login.example
              scopeMap: {a: [mcp:a]}
          plans:
            free: [mcp:notes:read]
        backends:
          notes: &n
            kind: mcp
            url: http://localhost:1/mcp
            timeout: 10s
            scopes: {"delete_*": mcp:notes:write}
            cluster:
              healthCheck: {passive: {enabled: true}}
        include: [backends.d/*.yaml]
        """;
}
