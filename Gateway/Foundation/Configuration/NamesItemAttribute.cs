namespace Cortex.Foundation.Configuration;

/// <summary>
/// The key by which an item of a list is known, wherever in the list it stands: what <see cref="NeedsRestartAttribute"/> says of another key of the item
/// is held against the running item of the same name.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class NamesItemAttribute : Attribute;
