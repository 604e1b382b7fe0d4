namespace Cortex.Foundation.Configuration;

/// <summary>Where a value was written: a place in a file, or an environment variable.</summary>
internal abstract record Origin
{
    private Origin()
    {
    }

    /// <summary>A place in a file; line and column count from 1, line 0 means the file as a whole.</summary>
    internal sealed record Place(string File, int Line, int Column) : Origin
    {
        public override string ToString() => Line == 0 ? File : $"{File}:{Line}:{Column}";
    }

    /// <summary>An environment variable that overrides a key.</summary>
    internal sealed record Variable(string Name) : Origin
    {
        public override string ToString() => $"environment variable {Name}";
    }
}
