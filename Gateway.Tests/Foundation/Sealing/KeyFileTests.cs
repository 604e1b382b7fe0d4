using System.Runtime.Versioning;
using Cortex.Foundation.Sealing;
using Cortex.Tests.Fixtures;
using Microsoft.Extensions.Logging;
using NUnit.Framework;

namespace Cortex.Tests.Foundation.Sealing;

/// <summary>The key file of a gateway without configured keys.</summary>
[UnsupportedOSPlatform("windows")]
internal sealed class KeyFileTests
{
    private readonly RecordingLogger<KeyFile> _log = new();
    private string _folder = "";

    private string FilePath => Path.Combine(_folder, "data", "cortex.key");

    [SetUp]
    public void CreateFolder() => _folder = Directory.CreateTempSubdirectory("cortex-key-").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void Find_without_a_file_is_null_and_makes_nothing()
    {
        Assert.That(File().Find(), Is.Null);
        Assert.That(Directory.GetFileSystemEntries(_folder), Is.Empty);
    }

    [Test]
    public void Create_makes_a_file_for_its_owner_only_and_warns_of_replicas()
    {
        var key = File().Create().Single();
        Assert.That(System.IO.File.GetUnixFileMode(FilePath), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
        Assert.That(_log.Records.Last().Level, Is.EqualTo(LogLevel.Warning));
        Assert.That(_log.Records.Last().Message, Does.Contain("vault.keys"));

        var again = File().Find()!.Single();
        Assert.That(again.Id, Is.EqualTo(key.Id));
        Assert.That(again.Material.SequenceEqual(key.Material));
    }

    [Test]
    public async Task Create_by_eight_at_once_gives_all_the_same_key_and_leaves_no_drafts()
    {
        var keys = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => File().Create())));
        Assert.That(keys.Select(ring => ring.Single().Id).Distinct().Count(), Is.EqualTo(1));
        Assert.That(Directory.GetFiles(Path.GetDirectoryName(FilePath)!), Is.EqualTo(new[] { FilePath }));
    }

    [TestCase("")]
    [TestCase("file-1")]
    [TestCase("file-1 AAAA\n")]
    [TestCase("a AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\na AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n")]
    public void File_that_holds_no_key_is_an_error_and_stays_as_it_is(string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(FilePath)!);
        System.IO.File.WriteAllText(FilePath, content);
        Assert.That(() => File().Find(), Throws.InstanceOf<SealingException>().With.Message.Contain(FilePath));
        Assert.That(System.IO.File.ReadAllText(FilePath), Is.EqualTo(content));
    }

    [Test]
    public void File_that_others_can_read_is_warned_of()
    {
        File().Create();
        System.IO.File.SetUnixFileMode(FilePath, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        var file = File();
        file.Find();
        Assert.That(_log.Records.Last().Message, Does.Contain("chmod 600"));
        var said = _log.Records.Count;
        file.Find();
        Assert.That(_log.Records, Has.Count.EqualTo(said), "the file is looked at every few seconds");
    }

    private KeyFile File() => new(FilePath, TimeProvider.System, _log);
}
