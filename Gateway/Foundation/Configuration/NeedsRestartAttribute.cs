namespace Cortex.Foundation.Configuration;

/// <summary>A change of this key takes effect at the next start only; until then the running value stays in the options.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class NeedsRestartAttribute : Attribute;
