namespace Cortex.Tests.Foundation.Configuration;

/// <summary>A faulty main file, and what is to be said about it.</summary>
public sealed record BrokenConfig(string Name, string Yaml, int Line, string Path, string Problem, string Mend)
{
    public override string ToString() => Name;

    private static string Deep => "gateway: " + string.Concat(Enumerable.Repeat("{a: ", 40)) + "1" + new string('}', 40);

    private static string Bomb => "a: &a [x,x,x,x,x,x,x,x,x,x]\n"
        + string.Concat("bcdefgh".Select((name, i) => $"{name}: &{name} [{string.Join(',', Enumerable.Repeat("*" + "abcdefg"[i], 10))}]\n"));

    /// <summary>Every kind of fault, one a row.</summary>
    public static IEnumerable<BrokenConfig> All =>
    [
        new("empty file", "", 0, "", "holds nothing", "Write at least one key"),
        new("only comments", "# nothing\n# here\n", 0, "", "holds nothing", "Write at least one key"),
        new("only a document marker", "---\n", 0, "", "holds nothing", "Write at least one key"),
        new("list at the root", "- a\n", 1, "", "a list where a map", "Write keys"),
        new("text at the root", "hello\n", 1, "", "a single value where a map", "Write keys"),
        new("tab indentation", "gateway:\n\tname: x\n", 2, "", "not valid YAML", "indentation"),
        new("unclosed list", "gateway:\n  allowedOrigins: [a\n  name: x\n", 3, "", "not valid YAML", "quote"),
        new("unclosed quote", "gateway:\n  name: \"x\n", 2, "", "not valid YAML", "quote"),
        new("second document", "gateway: {}\n---\nstorage: {}\n", 2, "", "second YAML document", "one document a file"),
        new("too deep", Deep, 1, "gateway" + string.Concat(Enumerable.Repeat(".a", 32)), "nested deeper", "flatter"),
        new("alias bomb", Bomb, 5, "e[7]", "more than 100,000 values", "Remove aliases"),
        new("alias of nothing", "gateway:\n  name: *there\n", 2, "gateway.name", "names an anchor", "Quote"),
        new("alias inside itself", "gateway: &g\n  management: *g\n", 2, "gateway.management", "inside its own anchor", "Write the value out"),
        new("merge", "x-base: &b {name: a}\ngateway:\n  <<: *b\n", 3, "gateway.<<", "merges (<<) are not supported", "Write the keys out"),
        new("tag", "gateway:\n  name: !env NAME\n", 2, "gateway.name", "tags (!name) are not supported", "without the tag"),
        new("key that is a list", "gateway:\n  [a]: b\n", 2, "gateway", "a key must be a single word", "key: value"),
        new("empty key", "gateway:\n  '': b\n", 2, "gateway", "a key is empty", "Name it"),
        new("repeated key", "gateway:\n  name: a\n  publicUrl: http://localhost:1\n  name: b\n", 4, "gateway.name", "twice, first in line 2", "Keep one"),
        new("repeated root key", "gateway: {}\nstorage: {}\ngateway: {}\n", 3, "gateway", "twice, first in line 1", "Keep one"),
        new("unknown root key", "gatway: {}\n", 1, "gatway", "unknown", "Did you mean 'gateway'?"),
        new("unknown key", "gateway:\n  publicURL: http://localhost:1\n", 2, "gateway.publicURL", "unknown", "Did you mean 'publicUrl'?"),
        new("unknown key far from all", "gateway:\n  colour: red\n", 2, "gateway.colour", "unknown", "Known here: allowedHosts, allowedOrigins, builtins, drain, includeReferences, management"),
        new("unknown nested key", "gateway:\n  management:\n    prt: 1\n", 3, "gateway.management.prt", "unknown", "'port'"),
        new("unknown key of an item", "identity:\n  issuers:\n    - isuer: a\n      issuer: https://a.example\n", 3, "identity.issuers[0].isuer", "unknown", "'issuer'"),
        new("text for a number", "gateway:\n  maxBodyBytes: big\n", 2, "gateway.maxBodyBytes", "not a whole number", "digits"),
        new("number too large", "gateway:\n  maxBodyBytes: 99999999999\n", 2, "gateway.maxBodyBytes", "not a whole number", "2147483647"),
        new("fraction for a whole number", "gateway:\n  maxBodyBytes: 1.5\n", 2, "gateway.maxBodyBytes", "not a whole number", "digits"),
        new("yes for true", "backends:\n  a: {url: http://localhost, allowPlaintext: yes}\n", 2, "backends.a.allowPlaintext", "not true or false", "Write true or false"),
        new("duration without a unit", "backends:\n  a:\n    url: http://localhost\n    timeout: 10\n", 4, "backends.a.timeout", "not a duration", "500ms, 10s"),
        new("duration in clock form", "backends:\n  a:\n    url: http://localhost\n    timeout: 00:00:10\n", 4, "backends.a.timeout", "not a duration", "500ms, 10s"),
        new("duration without end", "backends:\n  a:\n    url: http://localhost\n    timeout: 999999999999999999d\n", 4, "backends.a.timeout", "not a duration", "500ms, 10s"),
        new("word that is near", "backends:\n  a:\n    url: http://localhost\n    auth: usertoken\n", 4, "backends.a.auth", "allowed words", "Did you mean 'userToken'?"),
        new("word that is far", "backends:\n  a:\n    url: http://localhost\n    kind: graphql\n", 4, "backends.a.kind", "allowed words", "Write one of: contract, mcp"),
        new("value where a map belongs", "gateway: hello\n", 1, "gateway", "a single value stands where a map of keys", "key: value"),
        new("list where a map belongs", "gateway:\n  - name: x\n", 1, "gateway", "a list stands where a map of keys", "key: value"),
        new("list where names belong", "backends:\n  - url: http://localhost\n", 1, "backends", "a list stands where a map of names", "key: value"),
        new("value where a list belongs", "gateway:\n  allowedOrigins: https://claude.ai\n", 2, "gateway.allowedOrigins", "a single value stands where a list", "[a, b]"),
        new("map where a value belongs", "gateway:\n  name:\n    en: x\n", 2, "gateway.name", "a map stands where a text", "Write"),
        new("empty item", "gateway:\n  trustedProxies:\n    - 10.0.0.1\n    -\n", 4, "gateway.trustedProxies[1]", "empty", "remove the item"),
        new("name without a backend", "backends:\n  notes:\n", 2, "backends.notes", "nothing below it", "remove the name"),
        new("scope with a blank", "identity:\n  requiredScopes: [\"mcp:a b\"]\n", 2, "identity.requiredScopes[0]", "OAuth scope", "Write"),
        new("unset variable", "storage:\n  redis: host,password=${env:NOT_SET}\n", 2, "storage.redis", "'NOT_SET' is not set", "Set NOT_SET"),
        new("file that is not there", "storage:\n  redis: ${file:nowhere}\n", 2, "storage.redis", "'nowhere' is not there", "Put the value into nowhere"),
        new("reference of no kind", "storage:\n  redis: ${vault:redis}\n", 2, "storage.redis", "no reference that is known", "${env:NAME}"),
        new("reference without an end", "storage:\n  redis: ${env:REDIS\n", 2, "storage.redis", "no reference that is known", "$${"),
        new("secret in the file", "backends:\n  a:\n    url: http://localhost\n    catalogToken: hunter2\n", 4, "backends.a.catalogToken", "must not stand in the file", "${env:NAME} or ${file:/path}"),
        new("public url without scheme", "gateway:\n  publicUrl: mcp.example.com\n", 2, "gateway.publicUrl", "not an absolute http or https", "https://mcp.example.com"),
        new("public url with a path", "gateway:\n  publicUrl: https://mcp.example.com/mcp\n", 2, "gateway.publicUrl", "path, query or fragment", "Write https://mcp.example.com:"),
        new("public url with a query", "gateway:\n  publicUrl: https://mcp.example.com?a=b\n", 2, "gateway.publicUrl", "path, query or fragment", "Write https://mcp.example.com:"),
        new("public url with a user", "gateway:\n  publicUrl: https://me@mcp.example.com\n", 2, "gateway.publicUrl", "user name", "alone"),
        new("public url in capitals", "gateway:\n  publicUrl: https://MCP.example.com\n", 2, "gateway.publicUrl", "plain form", "https://mcp.example.com"),
        new("public url with the default port", "gateway:\n  publicUrl: https://mcp.example.com:443\n", 2, "gateway.publicUrl", "plain form", "https://mcp.example.com"),
        new("public url in plaintext", "gateway:\n  publicUrl: http://mcp.example.com\n", 2, "gateway.publicUrl", "loopback", "https://mcp.example.com"),
        new("name that is empty", "gateway:\n  name: ''\n", 2, "gateway.name", "empty", "Cortex"),
        new("origin with a path", "gateway:\n  allowedOrigins:\n    - https://claude.ai\n    - https://claude.ai/\n", 4, "gateway.allowedOrigins[1]", "not an origin", "https://claude.ai"),
        new("origin of everyone", "gateway:\n  allowedOrigins: ['*']\n", 2, "gateway.allowedOrigins[0]", "not an origin", "*.example.com"),
        new("allowed host with a port", "gateway:\n  allowedHosts: [mcp.internal:8080]\n", 2, "gateway.allowedHosts[0]", "not a host name", "without scheme, port or path"),
        new("allowed host with a scheme", "gateway:\n  allowedHosts: [mcp.internal, \"https://b.internal\"]\n", 2, "gateway.allowedHosts[1]", "not a host name", "gateway.internal"),
        new("allowed host for any name", "gateway:\n  allowedHosts: [\"*\"]\n", 2, "gateway.allowedHosts[0]", "not a host name", "*.example.com"),
        new("allowed host with a star inside", "gateway:\n  allowedHosts: [\"*.*.internal\"]\n", 2, "gateway.allowedHosts[0]", "names no domain", "*.example.com"),
        new("allowed host beyond ASCII", "gateway:\n  allowedHosts: [bücher.example]\n", 2, "gateway.allowedHosts[0]", "not in the form that browsers send", "Write xn--bcher-kva.example"),
        new("proxy by name", "gateway:\n  trustedProxies: [proxy.internal]\n", 2, "gateway.trustedProxies[0]", "neither an address nor a network", "no host name"),
        new("network that is too long", "gateway:\n  trustedProxies: [10.0.0.0/40]\n", 2, "gateway.trustedProxies[0]", "neither an address nor a network", "10.0.0.0/8"),
        new("session timeout too short", "gateway:\n  sessions: {idleTimeout: 10ms}\n", 2, "gateway.sessions.idleTimeout", "out of range", "1s to 30d"),
        new("session timeout too long", "gateway:\n  sessions: {idleTimeout: 31d}\n", 2, "gateway.sessions.idleTimeout", "out of range", "1s to 30d"),
        new("drain delay too long", "gateway:\n  drain: {delay: 11m}\n", 2, "gateway.drain.delay", "out of range", "0s to 10m"),
        new("drain deadline too short", "gateway:\n  drain: {deadline: 0s}\n", 2, "gateway.drain.deadline", "out of range", "1s to 1h"),
        new("port out of range", "gateway:\n  management: {port: 70000}\n", 2, "gateway.management.port", "no such port", "65535"),
        new("fault of a section's validator", "backends:\n  notes:\n    kind: mcp\n    url: http://remote.example/mcp\n", 4, "backends.notes.url", "https or loopback", "allowPlaintext"),
        new("fault of what is not written", "gateway: {}\nbackends:\n  notes:\n    kind: mcp\n", 3, "backends.notes.url", "no address", "url: https://"),
        new("include that is no list", "include: backends.d/*.yaml\n", 1, "include", "a list", "[a, b]"),
    ];
}
