using System.Text.RegularExpressions;
using Cortex.Foundation.Storage;
using NUnit.Framework;

namespace Cortex.Tests.Foundation.Storage;

/// <summary>The rules of <c>Foundation/Storage/Migrations</c>.</summary>
internal sealed partial class MigrationScriptsTests
{
    [Test]
    public void Scripts_have_the_same_names_in_both_dialects()
    {
        var sqlite = MigrationScripts.For(DatabaseDialect.Sqlite).Select(script => script.Name).ToArray();
        Assert.That(sqlite, Is.Not.Empty.And.EqualTo(MigrationScripts.For(DatabaseDialect.PostgreSql).Select(script => script.Name)));
    }

    [Test]
    public void Scripts_are_numbered_once_and_named_in_snake_case()
    {
        var names = MigrationScripts.For(DatabaseDialect.Sqlite).Select(script => script.Name).ToArray();
        Assert.That(names, Has.All.Match(ScriptName()));
        Assert.That(names.Select(name => name[..4]), Is.Unique);
    }

    [GeneratedRegex("^[0-9]{4}_[a-z0-9]+(_[a-z0-9]+)*$")]
    private static partial Regex ScriptName();
}
