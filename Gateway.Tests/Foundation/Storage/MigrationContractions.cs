using System.Text.RegularExpressions;

namespace Cortex.Tests.Foundation.Storage;

/// <summary>
/// Finds in a migration what would break the previous version, which runs on the new schema while replicas are replaced, and after a rollback:
/// something is taken away, renamed, or demanded of rows that it does not write so.
/// </summary>
internal static partial class MigrationContractions
{
    /// <summary>
    /// The first line of a script that takes away what nobody uses any more: <c>-- Contract: unused since 1.4.0</c>, the first version that did
    /// without. Null when the script has no such line.
    /// </summary>
    public static Version? UnusedSince(string script) => ContractStep().Match(script) is { Success: true } step ? Version.Parse(step.Groups["version"].Value) : null;

    /// <summary>The statements that contract, each on one line.</summary>
    public static IReadOnlyList<string> Find(string script)
    {
        var statements = Comment().Replace(script, "").Split(';').Select(statement => Space().Replace(statement, " ").Trim()).Where(statement => statement.Length > 0).ToList();
        var created = statements.Select(statement => CreatedTable().Match(statement)).Where(match => match.Success).Select(match => match.Groups["table"].Value).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return [.. statements.Where(statement => Contracts(statement, created))];
    }

    private static bool Contracts(string statement, HashSet<string> created) =>
        TakesAway().IsMatch(statement)
        || (AddedColumn().IsMatch(statement) && NotNull().IsMatch(statement) && !HasDefault().IsMatch(statement))
        || (UniqueIndex().Match(statement) is { Success: true } index && !created.Contains(index.Groups["table"].Value))
        || AddedRule().IsMatch(statement);

    [GeneratedRegex(@"\A-- Contract: unused since (?<version>[0-9]+\.[0-9]+\.[0-9]+)\b")]
    private static partial Regex ContractStep();

    [GeneratedRegex("--[^\n]*")]
    private static partial Regex Comment();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();

    [GeneratedRegex(@"^CREATE TABLE (IF NOT EXISTS )?(?<table>\w+)", RegexOptions.IgnoreCase)]
    private static partial Regex CreatedTable();

    [GeneratedRegex(@"^(DROP|TRUNCATE|DELETE) |^ALTER TABLE .*(\bRENAME\b|\bDROP (?!NOT NULL)|\bSET NOT NULL\b|\bALTER (COLUMN )?\w+ (SET DATA )?TYPE\b)", RegexOptions.IgnoreCase)]
    private static partial Regex TakesAway();

    [GeneratedRegex(@"^ALTER TABLE .*\bADD\b", RegexOptions.IgnoreCase)]
    private static partial Regex AddedColumn();

    [GeneratedRegex(@"\bNOT NULL\b", RegexOptions.IgnoreCase)]
    private static partial Regex NotNull();

    [GeneratedRegex(@"\bDEFAULT\b", RegexOptions.IgnoreCase)]
    private static partial Regex HasDefault();

    [GeneratedRegex(@"^CREATE UNIQUE INDEX .*?\bON (?<table>\w+)", RegexOptions.IgnoreCase)]
    private static partial Regex UniqueIndex();

    [GeneratedRegex(@"^ALTER TABLE \w+ ADD (CONSTRAINT|CHECK|UNIQUE|FOREIGN|PRIMARY|EXCLUDE)\b", RegexOptions.IgnoreCase)]
    private static partial Regex AddedRule();
}
