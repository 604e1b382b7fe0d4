using Cortex.Foundation.Storage;
using DbUp.Engine;
using NUnit.Framework;

namespace Cortex.Tests.Foundation.Storage;

/// <summary>Expand, then contract: no migration breaks the version that still runs beside the new one.</summary>
internal sealed class MigrationExpansionTests
{
    /// <summary>Part of the first release: no version before it ever ran beside another.</summary>
    private const string BeforeTheFirstRelease = "0006_consent_redirect";

    private static IEnumerable<TestCaseData> Scripts =>
        from dialect in Enum.GetValues<DatabaseDialect>()
        from script in MigrationScripts.For(dialect)
        where script.Name != BeforeTheFirstRelease
        select new TestCaseData(script).SetArgDisplayNames($"{dialect} {script.Name}");

    [TestCaseSource(nameof(Scripts))]
    public void Script_only_expands_unless_it_is_the_contract_step_of_an_earlier_release(SqlScript script)
    {
        if (MigrationContractions.UnusedSince(script.Contents) is { } version)
        {
            Assert.That(version, Is.LessThan(typeof(MigrationScripts).Assembly.GetName().Version!), "the version that did without must be out before this one");
            return;
        }

        Assert.That(
            MigrationContractions.Find(script.Contents),
            Is.Empty,
            "the previous version runs on this schema. Add beside what is there; take it away in a later version, in a script whose first line is '-- Contract: unused since X.Y.Z'");
    }

    [TestCase("DROP TABLE consents;")]
    [TestCase("CREATE TABLE new (id TEXT); DROP TABLE old; ALTER TABLE new RENAME TO old;")]
    [TestCase("drop index persons_email;")]
    [TestCase("TRUNCATE audit;")]
    [TestCase("DELETE FROM persons;")]
    [TestCase("ALTER TABLE persons DROP COLUMN email;")]
    [TestCase("ALTER TABLE persons DROP email;")]
    [TestCase("ALTER TABLE persons\n    RENAME COLUMN email TO mail;")]
    [TestCase("ALTER TABLE persons RENAME email TO mail;")]
    [TestCase("ALTER TABLE persons RENAME TO people;")]
    [TestCase("ALTER TABLE persons ADD COLUMN pool TEXT NOT NULL;")]
    [TestCase("ALTER TABLE persons ADD pool TEXT NOT NULL;")]
    [TestCase("ALTER TABLE persons ALTER COLUMN email SET NOT NULL;")]
    [TestCase("ALTER TABLE persons ALTER email TYPE BIGINT;")]
    [TestCase("ALTER TABLE persons ALTER COLUMN email SET DATA TYPE BIGINT;")]
    [TestCase("ALTER TABLE persons ALTER COLUMN seen DROP DEFAULT;")]
    [TestCase("ALTER TABLE persons ADD CONSTRAINT one_mail UNIQUE (email);")]
    [TestCase("ALTER TABLE persons DROP CONSTRAINT one_mail;")]
    [TestCase("CREATE UNIQUE INDEX one_mail ON persons (email);")]
    [TestCase("CREATE UNIQUE INDEX IF NOT EXISTS one_mail ON persons (email);")]
    public void Statement_that_breaks_the_previous_version_is_found(string script) =>
        Assert.That(MigrationContractions.Find(script), Is.Not.Empty);

    [TestCase("CREATE TABLE needs (id TEXT NOT NULL PRIMARY KEY);\nCREATE UNIQUE INDEX need ON needs (id);")]
    [TestCase("ALTER TABLE persons ADD COLUMN pool TEXT NULL;")]
    [TestCase("ALTER TABLE persons ADD COLUMN pool TEXT NOT NULL DEFAULT 'all';")]
    [TestCase("ALTER TABLE persons ALTER COLUMN email DROP NOT NULL;")]
    [TestCase("ALTER TABLE persons ADD COLUMN type TEXT NULL;")]
    [TestCase("CREATE INDEX by_mail ON persons (email);")]
    [TestCase("-- Nothing is dropped: DROP TABLE persons is said here alone.\nINSERT INTO plans (id) SELECT id FROM persons WHERE dropped = 0;")]
    [TestCase("CREATE TABLE grants (person_id TEXT NOT NULL REFERENCES persons (id) ON DELETE CASCADE);")]
    public void Statement_that_leaves_everything_in_its_place_is_not(string script) =>
        Assert.That(MigrationContractions.Find(script), Is.Empty);

    [TestCase("-- Contract: unused since 1.4.0\nDROP TABLE old;", "1.4.0")]
    [TestCase("DROP TABLE old; -- Contract: unused since 1.4.0", null)]
    [TestCase("-- Contract: unused since long\nDROP TABLE old;", null)]
    public void Contract_step_names_in_its_first_line_the_version_that_did_without(string script, string? version) =>
        Assert.That(MigrationContractions.UnusedSince(script)?.ToString(), Is.EqualTo(version));
}
