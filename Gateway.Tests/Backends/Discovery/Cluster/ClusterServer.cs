using System.Net.Http.Headers;
using Cortex.Tests.Fixtures;
using k8s;

namespace Cortex.Tests.Backends.Discovery.Cluster;

/// <summary>A real kube-apiserver with its etcd, TLS and RBAC, and no nodes. <c>./test.sh cluster</c> builds it where this looks for it.</summary>
internal sealed class ClusterServer : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cortex-cluster-").FullName;
    private readonly int _store = ServerProcess.FreePort();
    private readonly int _peer = ServerProcess.FreePort();
    private readonly int _port = ServerProcess.FreePort();
    private ServerProcess? _etcd;
    private ServerProcess? _server;

    private ClusterServer()
    {
    }

    /// <summary>Whoever may do everything.</summary>
    public Kubernetes Admin { get; private set; } = null!;

    private static string Programs => Path.Combine(
        Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache ? cache : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"),
        "cortex-tests", "kubernetes");

    public static async Task<ClusterServer> StartAsync()
    {
        var cluster = new ClusterServer();
        await cluster.StartStoreAsync();
        await cluster.ResumeAsync();
        await File.WriteAllTextAsync(cluster.At("admin"), cluster.Kubeconfig("admin-token"));
        cluster.Admin = new Kubernetes(KubernetesClientConfiguration.BuildConfigFromConfigFile(cluster.At("admin")));
        return cluster;
    }

    /// <summary>A kubeconfig of the user <c>gateway</c>, who may nothing that no role says.</summary>
    public string GatewayKubeconfig => Kubeconfig("gateway-token");

    /// <summary>Starts the API server, which remembers no version from before.</summary>
    public async Task ResumeAsync()
    {
        await File.WriteAllTextAsync(At("tokens.csv"), "admin-token,admin,1,\"system:masters\"\ngateway-token,gateway,2\n");
        if (!File.Exists(At("accounts.pem")))
            await File.WriteAllTextAsync(At("accounts.pem"), System.Security.Cryptography.RSA.Create(2048).ExportRSAPrivateKeyPem());
        _server = new ServerProcess("KILL", Program("kube-apiserver"),
        [
            "--etcd-servers", $"http://127.0.0.1:{_store}", "--secure-port", $"{_port}", "--bind-address", "127.0.0.1", "--advertise-address", "127.0.0.1",
            "--cert-dir", At("certificates"), "--token-auth-file", At("tokens.csv"), "--authorization-mode", "RBAC", "--service-cluster-ip-range", "10.0.0.0/16",
            "--service-account-issuer", "https://kubernetes.default.svc", "--service-account-key-file", At("accounts.pem"), "--service-account-signing-key-file", At("accounts.pem"),
            "--disable-admission-plugins", "ServiceAccount",
        ]);
        using var trusting = new HttpClientHandler { ServerCertificateCustomValidationCallback = HttpClientHandler.DangerousAcceptAnyServerCertificateValidator };
        using var http = new HttpClient(trusting);
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "admin-token");
        await _server.ReadyAsync("kube-apiserver", () => AnswersAsync(http, $"https://127.0.0.1:{_port}/readyz"));
    }

    /// <summary>Stops the API server at once, as on its own it waits for watches; what it holds stays in etcd.</summary>
    public async Task PauseAsync()
    {
        await _server!.StopAsync();
        _server = null;
    }

    public async ValueTask DisposeAsync()
    {
        Admin?.Dispose();
        if (_server is not null)
            await PauseAsync();
        if (_etcd is not null)
            await _etcd.StopAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task StartStoreAsync()
    {
        _etcd = new ServerProcess("TERM", Program("etcd"),
        [
            "--data-dir", At("etcd"), "--listen-client-urls", $"http://127.0.0.1:{_store}", "--advertise-client-urls", $"http://127.0.0.1:{_store}",
            "--listen-peer-urls", $"http://127.0.0.1:{_peer}", "--initial-advertise-peer-urls", $"http://127.0.0.1:{_peer}",
            "--initial-cluster", $"default=http://127.0.0.1:{_peer}",
        ]);
        using var http = new HttpClient();
        await _etcd.ReadyAsync("etcd", () => AnswersAsync(http, $"http://127.0.0.1:{_store}/health"));
    }

    private static async Task<bool> AnswersAsync(HttpClient http, string url)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri(url));
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private string Kubeconfig(string token) =>
        $$"""
        apiVersion: v1
        kind: Config
        current-context: test
        clusters:
          - name: test
            cluster: { server: "https://127.0.0.1:{{_port}}", certificate-authority: "{{At("certificates")}}/apiserver.crt" }
        users:
          - name: test
            user: { token: {{token}} }
        contexts:
          - name: test
            context: { cluster: test, user: test, namespace: default }
        """;

    private string At(string name) => Path.Combine(_folder, name);

    private static string Program(string name) => Path.Combine(Programs, name) is var file && File.Exists(file)
        ? file
        : throw new InvalidOperationException($"Build the API server first: Gateway.Tests/Backends/Discovery/Cluster/build-apiserver.sh {Programs}");
}
