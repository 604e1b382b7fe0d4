namespace Cortex.Foundation.Configuration;

/// <summary>Collects what a section's validator finds; the loader adds file and line from the YAML path.</summary>
internal sealed class SectionValidation
{
    private readonly List<SectionError> _errors = [];

    public IReadOnlyList<SectionError> Errors => _errors;

    /// <summary>Adds one fault.</summary>
    /// <param name="path">YAML path, for example <c>backends.notes.url</c>.</param>
    /// <param name="problem">What is wrong, with the value where it is no secret.</param>
    /// <param name="mend">What to write instead.</param>
    public void Error(string path, string problem, string mend) => _errors.Add(new SectionError(path, problem, mend));
}

/// <summary>One fault of a bound section.</summary>
internal sealed record SectionError(string Path, string Problem, string Mend);
