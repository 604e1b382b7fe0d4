using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Cortex.Cli.Stdio.SignIn;
using NUnit.Framework;

namespace Cortex.Tests.Cli.Stdio;

/// <summary>Several bridges of one user before one token endpoint.</summary>
internal sealed class SharedRefreshTests
{
    private static readonly Uri Endpoint = new("http://localhost:1/mcp");

    private string _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = Path.Combine(Directory.CreateTempSubdirectory("cortex-refresh-").FullName, "cortex");

    [TearDown]
    public void DropFolder() => Directory.Delete(Path.GetDirectoryName(_folder)!, recursive: true);

    [Test]
    public async Task Bridges_that_refresh_at_once_redeem_the_token_once_and_all_go_on_with_what_came()
    {
        File().Write(Kept("first"));
        var server = new TokenEndpoint();

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => RefreshAsync(File(), server, "first")));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(server.Redeemed, Is.EqualTo(new[] { "first" }));
            Assert.That(answers.Select(answer => (string?)answer["access_token"]), Is.All.EqualTo("access-1"));
            Assert.That(answers.Select(answer => (string?)answer["refresh_token"]), Is.All.EqualTo("refresh-1"));
            Assert.That(File().Read()!.RefreshToken, Is.EqualTo("refresh-1"));
        }
    }

    [Test]
    public async Task Client_that_is_not_known_any_more_is_noted()
    {
        var file = File();
        file.Write(Kept("first"));

        await RefreshAsync(file, new TokenEndpoint { Error = "invalid_client" }, "first");

        Assert.That(file.IsClientGone, Is.True);
        Assert.That(file.Drop(), Is.True);
        Assert.That(file.IsClientGone, Is.False);
        Assert.That(file.Read(), Is.Null);
    }

    [Test]
    public void File_that_was_spoiled_counts_as_none_and_gateways_have_a_file_each()
    {
        var file = File();
        file.Write(Kept("first"));
        System.IO.File.WriteAllText(file.Path, "{ spoiled");

        Assert.That(file.Read(), Is.Null);
        Assert.That(new SignInFile(new Uri("http://localhost:1/mcp/other"), _folder, TimeProvider.System).Path, Is.Not.EqualTo(file.Path));
    }

    private SignInFile File() => new(Endpoint, _folder, TimeProvider.System);

    private static KeptSignIn Kept(string refreshToken) => new(
        Endpoint.ToString(), "ended", refreshToken, DateTimeOffset.UtcNow.AddHours(-1), 600, "a", "client", null, "none", "http://localhost:1/", 4711);

    private static async Task<JsonNode> RefreshAsync(SignInFile file, TokenEndpoint server, string refreshToken)
    {
        using var http = new HttpClient(new SharedRefresh(file, TimeProvider.System) { InnerHandler = server }, disposeHandler: false);
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["grant_type"] = "refresh_token", ["refresh_token"] = refreshToken });
        using var answer = await http.PostAsync(new Uri("http://localhost:1/token"), form);
        return (await answer.Content.ReadFromJsonAsync<JsonNode>())!;
    }

    private sealed class TokenEndpoint : HttpMessageHandler
    {
        private readonly List<string> _redeemed = [];

        public IReadOnlyList<string> Redeemed => _redeemed;

        public string? Error { get; init; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var form = System.Web.HttpUtility.ParseQueryString(await request.Content!.ReadAsStringAsync(cancellationToken));
            _redeemed.Add(form["refresh_token"]!);
            if (Error is not null)
                return new HttpResponseMessage(HttpStatusCode.Unauthorized) { Content = JsonContent.Create(new { error = Error }) };
            return new HttpResponseMessage(HttpStatusCode.OK)
            {
                Content = JsonContent.Create(new { access_token = $"access-{_redeemed.Count}", refresh_token = $"refresh-{_redeemed.Count}", token_type = "Bearer", expires_in = 600 }),
            };
        }
    }
}
