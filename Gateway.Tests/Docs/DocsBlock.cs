namespace Cortex.Tests.Docs;

/// <summary>A fenced block of a page.</summary>
/// <param name="Page">The page's path in the repository.</param>
/// <param name="Line">The line of its first fence, from 1.</param>
/// <param name="Language">The first word behind the fence; empty when there is none.</param>
/// <param name="Kind">The words behind that, such as <c>values</c> in <c>yaml values</c>; empty when there are none.</param>
/// <param name="Text">What stands between the fences.</param>
internal sealed record DocsBlock(string Page, int Line, string Language, string Kind, string Text)
{
    public override string ToString() => $"{Page}:{Line}";
}
