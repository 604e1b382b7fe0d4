using Cortex.Foundation.Sealing;
using Cortex.Foundation.Storage;
using Cortex.Tests.Fixtures;
using Dapper;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using NUnit.Framework;
using Secret = Cortex.Foundation.Model.Secret;

namespace Cortex.Tests.Foundation.Sealing;

/// <summary>Starts of the gateway: with keys, without, with the wrong ones, several at once. On both databases.</summary>
[TestFixtureSource(typeof(TestDatabase), nameof(TestDatabase.Dialects))]
internal sealed class SealingPreparationTests(DatabaseDialect dialect)
{
    private readonly VaultKeyOptions _one = new() { Id = "one", Key = new Secret(new string('1', 64)) };
    private readonly VaultKeyOptions _two = new() { Id = "two", Key = new Secret(new string('2', 64)) };
    private TestDatabase _test = null!;
    private string _folder = "";

    private string KeyFilePath => _test.Database is SqliteDatabase sqlite
        ? Path.Combine(Path.GetDirectoryName(sqlite.Path)!, "cortex.key")
        : Path.Combine(_folder, "data", "cortex.key");

    [SetUp]
    public async Task CreateAsync()
    {
        _test = await TestDatabase.CreateAsync(dialect);
        _folder = Directory.CreateTempSubdirectory("cortex-sealing-").FullName;
    }

    [TearDown]
    public async Task DisposeAsync()
    {
        await _test.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Test]
    public async Task Keys_survive_a_restart()
    {
        string[] before;
        await using (var first = await StartAsync(_one))
        {
            before = Describe(first.Keys);
        }

        await using var second = await StartAsync(_one);
        Assert.That(Describe(second.Keys), Is.EqualTo(before));
    }

    [Test]
    public async Task Replicas_that_start_together_agree_on_the_keys()
    {
        var replicas = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => StartAsync(_one))));
        Assert.That(replicas.Select(replica => string.Join(' ', Describe(replica.Keys))).Distinct().Count(), Is.EqualTo(1));
        foreach (var replica in replicas)
        {
            await replica.DisposeAsync();
        }
    }

    [Test]
    public async Task Purposes_have_keys_of_their_own()
    {
        await using var replica = await StartAsync(_one);
        Assert.That(replica.Keys.Active(KeyPurpose.Issuer).KeyId, Is.Not.EqualTo(replica.Keys.Active(KeyPurpose.Identity).KeyId));
        Assert.That(replica.Keys.Encryption[0].KeySize, Is.EqualTo(256));
    }

    [Test]
    public async Task Token_signed_with_the_private_key_validates_with_the_public_one_and_that_shows_no_private_part()
    {
        await using var replica = await StartAsync(_one);
        var key = replica.Keys.Active(KeyPurpose.Identity);
        var handler = new JsonWebTokenHandler();
        var token = handler.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = "i",
            Audience = "a",
            SigningCredentials = new SigningCredentials(key.Private, SecurityAlgorithms.EcdsaSha256),
        });
        var result = await handler.ValidateTokenAsync(token, new TokenValidationParameters { ValidIssuer = "i", ValidAudience = "a", IssuerSigningKey = key.Public });

        Assert.That(result.IsValid, Is.True);
        Assert.That(new JsonWebToken(token).Kid, Is.EqualTo(key.KeyId).And.EqualTo(key.Public.Kid));
        Assert.That(key.Public.D, Is.Null);
        Assert.That(key.Public.HasPrivateKey, Is.False);
        Assert.That(key.KeyId, Is.EqualTo(Base64UrlEncoder.Encode(key.Public.ComputeJwkThumbprint())));
    }

    [Test]
    public async Task Rotated_ring_opens_what_the_old_key_sealed()
    {
        string[] before;
        await using (var first = await StartAsync(_one))
        {
            before = Describe(first.Keys);
        }

        await using var rotated = await StartAsync(_two, _one);
        Assert.That(Describe(rotated.Keys), Is.EqualTo(before));
    }

    [Test]
    public async Task Start_without_the_key_that_sealed_is_refused_names_it_and_touches_nothing()
    {
        await (await StartAsync(_one)).DisposeAsync();
        var before = await RowsAsync();

        Assert.That(async () => await StartAsync(_two), Throws.InstanceOf<SealingException>().With.Message.Contain("'one'"));
        Assert.That(async () => await StartAsync(), Throws.InstanceOf<SealingException>().With.Message.Contain("'one'"));
        Assert.That(
            async () => await StartAsync(new VaultKeyOptions { Id = "one", Key = _two.Key }),
            Throws.InstanceOf<SealingException>().With.Message.Contain("'one'"));
        Assert.That(await RowsAsync(), Is.EqualTo(before));
        Assert.That(File.Exists(KeyFilePath), Is.False);
    }

    [Test]
    public async Task Start_without_configured_keys_makes_a_key_file_once_and_misses_it_when_it_is_gone()
    {
        string[] before;
        await using (var first = await StartAsync())
        {
            before = Describe(first.Keys);
        }

        await using (var second = await StartAsync())
        {
            Assert.That(Describe(second.Keys), Is.EqualTo(before));
        }

        var id = (await File.ReadAllTextAsync(KeyFilePath)).Split(' ')[0];
        File.Delete(KeyFilePath);
        Assert.That(async () => await StartAsync(), Throws.InstanceOf<SealingException>().With.Message.Contain($"'{id}'"));
        Assert.That(File.Exists(KeyFilePath), Is.False);
    }

    [Test]
    public async Task Data_protection_of_one_replica_is_read_by_another_and_after_a_restart()
    {
        string cookie;
        await using (var first = await StartAsync(_one))
        {
            cookie = first.Get<IDataProtectionProvider>().CreateProtector("cookie").Protect("somebody");
        }

        await using var second = await StartAsync(_two, _one);
        Assert.That(second.Get<IDataProtectionProvider>().CreateProtector("cookie").Unprotect(cookie), Is.EqualTo("somebody"));
    }

    private static string[] Describe(SigningKeys keys) =>
    [
        keys.Active(KeyPurpose.Issuer).KeyId,
        keys.Active(KeyPurpose.Identity).KeyId,
        Convert.ToHexString(keys.Encryption[0].Key),
    ];

    private Task<SealingReplica> StartAsync(params VaultKeyOptions[] keys) => SealingReplica.StartAsync(_test.Address, _folder, keys);

    private async Task<IReadOnlyList<string>> RowsAsync()
    {
        await using var connection = await _test.Database.OpenAsync(default);
        return [.. (await connection.QueryAsync<(string Id, byte[] Sealed)>("SELECT id, sealed FROM keys ORDER BY id")).Select(row => $"{row.Id} {Convert.ToHexString(row.Sealed)}")];
    }
}
