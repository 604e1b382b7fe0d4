namespace Cortex.Foundation.Configuration;

/// <summary>Collects what a section's validator finds; the loader adds file and line from the YAML path.</summary>
/// <param name="added">Names that an included file or a discovery adds; null: all is of the main file, or was accepted before.</param>
/// <param name="others">The options of every other section, by type; null: all have their defaults.</param>
/// <param name="hasIncludes">True when further files are included, whose backends may not be among the others yet.</param>
internal sealed class SectionValidation(IReadOnlySet<string>? added = null, Func<Type, object>? others = null, bool hasIncludes = false)
{
    private readonly List<SectionError> _errors = [];

    public IReadOnlyList<SectionError> Errors => _errors;

    /// <summary>Names of the entries that an included file or a discovery adds, whose author is trusted less than the operator; empty for the main file.</summary>
    public IReadOnlySet<string> Added { get; } = added ?? new HashSet<string>();

    /// <summary>True when backends may come from other files than this.</summary>
    public bool HasIncludes => hasIncludes;

    /// <summary>The options of another section of the same configuration, for what must stand together.</summary>
    public TOptions Other<TOptions>()
        where TOptions : class, new() => (TOptions?)others?.Invoke(typeof(TOptions)) ?? new TOptions();

    /// <summary>Adds one fault.</summary>
    /// <param name="path">YAML path, for example <c>backends.notes.url</c>.</param>
    /// <param name="problem">What is wrong, with the value where it is no secret.</param>
    /// <param name="mend">What to write instead.</param>
    public void Error(string path, string problem, string mend) => _errors.Add(new SectionError(path, problem, mend));
}

/// <summary>One fault of a bound section.</summary>
internal sealed record SectionError(string Path, string Problem, string Mend);
