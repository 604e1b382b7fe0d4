namespace Cortex.Foundation.Configuration;

/// <summary>A list that may stand alone where the options it belongs to are expected: <c>pro: [a, b]</c> for <c>pro: {scopes: [a, b]}</c>.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ShorthandAttribute : Attribute;
