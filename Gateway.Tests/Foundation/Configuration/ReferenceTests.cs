using Cortex.Backends;
using Cortex.Foundation.Storage;
using NUnit.Framework;

namespace Cortex.Tests.Foundation.Configuration;

internal sealed class ReferenceTests
{
    private const string Backend = "backends:\n  a:\n    url: http://localhost:1\n    catalogToken: ";

    [TestCase("${env:TOKEN}", "from-env")]
    [TestCase("${file:token}", "from-file")]
    [TestCase("a-${env:TOKEN}-b-${file:token}", "a-from-env-b-from-file")]
    [TestCase("$${x}${env:TOKEN}", "${x}from-env")]
    public void Reference_becomes_its_value(string written, string expected)
    {
        using var folder = new ConfigFolder(Backend + written);
        folder.Environment["TOKEN"] = "from-env";
        folder.Write("token", "from-file\n");

        Assert.That(folder.Load().Get<BackendsOptions>()["a"].CatalogToken!.Reveal(), Is.EqualTo(expected));
    }

    [Test]
    public void Reference_stands_inside_a_longer_value()
    {
        using var folder = new ConfigFolder("storage:\n  database: postgres:Host=db;Database=cortex;Password=${env:PG}\n");
        folder.Environment["PG"] = "p:w #1";

        Assert.That(folder.Load().Get<StorageOptions>().Database, Is.EqualTo("postgres:Host=db;Database=cortex;Password=p:w #1"));
    }

    [Test]
    public void Empty_secret_is_refused()
    {
        using var folder = new ConfigFolder(Backend + "${env:TOKEN}");
        folder.Environment["TOKEN"] = "";

        Assert.That(folder.Faults().Single().Problem, Is.EqualTo("the secret is empty"));
    }

    [Test]
    public void File_reference_of_more_than_64_KiB_is_refused()
    {
        using var folder = new ConfigFolder(Backend + "${file:token}");
        folder.Write("token", new string('x', 65 * 1024));

        Assert.That(folder.Faults().Single().Problem, Does.Contain("larger than 64 KiB"));
    }
}
