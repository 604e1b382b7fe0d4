using Cortex.Foundation.Model;

namespace Cortex.Identity.Callers;

/// <summary>The persons of the table <c>persons</c>, with a bounded memory of those met lately. Thread-safe.</summary>
internal sealed class PersonStore
{
    /// <summary>The person whom <paramref name="issuer"/> calls <paramref name="subject"/>, made when new, brought up to date when the claims changed.</summary>
    public Task<Person> EnsureAsync(string issuer, string subject, PersonClaims claims, CancellationToken cancellationToken) =>
        throw new NotSupportedException($"{issuer} {subject} {claims} {cancellationToken}");

    /// <summary>The person with this id, or null.</summary>
    public ValueTask<Person?> FindAsync(PersonId id, CancellationToken cancellationToken) =>
        throw new NotSupportedException($"{id} {cancellationToken}");
}
