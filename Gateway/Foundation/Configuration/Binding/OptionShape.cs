using System.Reflection;
using Cortex.Foundation.Configuration.Binding.Formats;

namespace Cortex.Foundation.Configuration.Binding;

/// <summary>What an options type looks like in YAML. One description serves the binder, the overrides, the schema and the reference.</summary>
internal abstract record OptionShape(Type Type)
{
    /// <summary>What a person would call it in an error message.</summary>
    public abstract string Expected { get; }

    /// <summary>A nested options class: a map with known keys.</summary>
    internal sealed record Object(Type Type, IReadOnlyList<OptionProperty> Properties) : OptionShape(Type)
    {
        /// <summary>The list that may stand alone for the whole; null when there is none.</summary>
        public OptionProperty? Shorthand { get; } = Properties.FirstOrDefault(property => property.IsShorthand);

        public override string Expected => Shorthand is null ? "a map of keys" : "a map of keys, or a list";
    }

    /// <summary>A map whose keys the operator chooses.</summary>
    internal sealed record Map(Type Type, Type KeyType, ScalarFormat Key, OptionShape Value) : OptionShape(Type)
    {
        public override string Expected => "a map of names";
    }

    internal sealed record List(Type Type, OptionShape Item) : OptionShape(Type)
    {
        public override string Expected => "a list";
    }

    internal sealed record Scalar(Type Type, ScalarFormat Format) : OptionShape(Type)
    {
        public override string Expected => Format.Expected;
    }

    /// <summary>A part in another library's schema: <see cref="RawSection"/>.</summary>
    internal sealed record Raw(Type Type) : OptionShape(Type)
    {
        public override string Expected => "a map of keys";
    }
}

/// <summary>One key of an options class.</summary>
/// <param name="Name">The key as written in YAML, camelCase.</param>
/// <param name="Property">The property it binds to; null for a root key, which is bound as a section.</param>
/// <param name="Shape">What may stand there.</param>
/// <param name="NeedsRestart">True when a change takes effect at the next start only.</param>
internal sealed record OptionProperty(string Name, PropertyInfo? Property, OptionShape Shape, bool NeedsRestart)
{
    /// <summary>True when its list may stand alone for all of the options.</summary>
    public bool IsShorthand => Property?.IsDefined(typeof(ShorthandAttribute)) is true;

    /// <summary>True when an item of a list is known by it.</summary>
    public bool NamesItem => Property?.IsDefined(typeof(NamesItemAttribute)) is true;
}
