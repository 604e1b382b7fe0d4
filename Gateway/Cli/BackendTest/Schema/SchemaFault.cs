namespace Cortex.Cli.BackendTest.Schema;

/// <summary>One place where a value does not fit its schema.</summary>
/// <param name="Path">Where: <c>tools[3].scope</c>; empty for the value itself.</param>
/// <param name="Problem">What is wrong there, to be read behind the path: <c>is missing</c>.</param>
/// <param name="Mend">What to write; null when the schema does not say.</param>
internal sealed record SchemaFault(string Path, string Problem, string? Mend);
