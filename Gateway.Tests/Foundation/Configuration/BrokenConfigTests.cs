using Cortex.Foundation.Configuration;
using NUnit.Framework;

namespace Cortex.Tests.Foundation.Configuration;

internal sealed class BrokenConfigTests
{
    [TestCaseSource(typeof(BrokenConfig), nameof(BrokenConfig.All))]
    public void Fault_is_told_with_line_path_and_mend(BrokenConfig broken)
    {
        using var folder = new ConfigFolder(broken.Yaml);

        var errors = folder.Faults();

        var wanted = errors.FirstOrDefault(error => error.Path == broken.Path && error.Problem.Contains(broken.Problem, StringComparison.Ordinal));
        Assert.That(wanted, Is.Not.Null, string.Join('\n', errors));
        var place = (Origin.Place)wanted!.Origin;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(place.File, Is.EqualTo(folder.Main));
            Assert.That(place.Line, Is.EqualTo(broken.Line), wanted.ToString());
            Assert.That(wanted.Mend, Does.Contain(broken.Mend));
            Assert.That(wanted.ToString(), Does.Not.Contain('\n'));
        }
    }

    [Test]
    public void Every_fault_is_told_at_once()
    {
        using var folder = new ConfigFolder("""
            gatewy: {}
            gateway:
              publicUrl: ftp://x
              name: a
              name: b
              maxBodyBytes: many
            storage:
              database: mysql:x
              redis: ${env:NOT_SET}
            backends:
              notes:
                auth: nobody
                timeout: soon
            """);

        var paths = folder.Faults().Select(error => error.Path);

        Assert.That(paths, Is.EquivalentTo(new[]
        {
            "gatewy", "gateway.publicUrl", "gateway.name", "gateway.maxBodyBytes", "storage.database", "storage.redis",
            "backends.notes.auth", "backends.notes.timeout", "backends.notes.url",
        }));
    }

    [Test]
    public void Value_is_shown_as_written()
    {
        using var folder = new ConfigFolder("gateway:\n  maxBodyBytes: ${env:SIZE}\n  name: ok\n");
        folder.Environment["SIZE"] = "very-private";

        var error = folder.Faults().Single();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(error.Value, Is.EqualTo("${env:SIZE}"));
            Assert.That(error.ToString(), Does.StartWith($"{folder.Main}:2:17: gateway.maxBodyBytes: the value is not a whole number (was '${{env:SIZE}}'). Write"));
            Assert.That(error.ToString(), Does.Not.Contain("very-private"));
        }
    }

    [Test]
    public void Missing_file_is_told_with_the_place_looked_at()
    {
        var error = Assert.Throws<ConfigurationException>(
            () => LiveConfiguration.Load("nowhere/cortex.yaml", Sections.All, new Dictionary<string, string?>()))!.Errors.Single();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(error.Problem, Does.Contain("not there"));
            Assert.That(error.Mend, Does.Contain(Path.GetFullPath("nowhere/cortex.yaml")).And.Contain("--config"));
        }
    }

    [Test]
    public void Folder_instead_of_a_file_is_refused()
    {
        var folder = Directory.CreateTempSubdirectory("cortex-config-");
        var error = Assert.Throws<ConfigurationException>(
            () => LiveConfiguration.Load(folder.FullName, Sections.All, new Dictionary<string, string?>()))!.Errors.Single();
        folder.Delete();

        Assert.That(error.Problem, Does.Contain("not usable"));
    }

    [Test]
    public void Huge_file_is_refused()
    {
        using var folder = new ConfigFolder("gateway: {}\n" + new string('#', 1024 * 1024));

        Assert.That(folder.Faults().Single().Problem, Does.Contain("larger than 1 MiB"));
    }

    [Test]
    public void File_in_another_encoding_is_refused()
    {
        using var folder = new ConfigFolder();
        File.WriteAllBytes(folder.Main, [0x67, 0x3A, 0x20, 0xFF, 0xFE]);

        Assert.That(folder.Faults().Single().Problem, Does.Contain("not UTF-8"));
    }
}
