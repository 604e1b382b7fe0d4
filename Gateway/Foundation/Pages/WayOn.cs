namespace Cortex.Foundation.Pages;

/// <summary>Where a page that only says something leads on. Public because components are.</summary>
/// <param name="Label">What the link says.</param>
/// <param name="Address">A path of this gateway.</param>
public sealed record WayOn(string Label, string Address);
