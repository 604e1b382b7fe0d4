using Cortex.Catalog;

namespace Cortex.Builtins.Resources;

/// <summary>A resource or template of the gateway's own, generated when it is read. Markdown.</summary>
internal interface IOwnResource
{
    /// <summary>A resource or a template.</summary>
    CatalogKind Kind { get; }

    /// <summary>Its URI or URI template.</summary>
    string Address { get; }

    string Name { get; }

    /// <summary>Its name for people.</summary>
    string Title { get; }

    /// <summary>What is in it.</summary>
    string Description { get; }

    /// <summary>True when it answers for a URI.</summary>
    bool AnswersFor(string uri);

    /// <summary>The text for a caller; null when there is nothing under the URI that this caller may know.</summary>
    ValueTask<string?> ReadAsync(string uri, BuiltinCall call, CancellationToken cancellationToken);
}
