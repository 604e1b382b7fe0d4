using Cortex.Foundation.Model;

namespace Cortex.Identity.Callers;

/// <summary>
/// The scopes of the operator API. <c>cortex:admin</c> is all of it, <c>cortex:admin:&lt;area&gt;</c> one area, and <c>cortex:admin:&lt;area&gt;:read</c>
/// looking at that area alone: a scope covers those that begin with it.
/// </summary>
internal static class AdminScopes
{
    private static readonly Scope Everything = Scope.Parse("cortex:admin");

    /// <summary>Persons: who they are, and whether they are shut out.</summary>
    public static readonly Scope Persons = Scope.Parse("cortex:admin:persons");

    /// <summary>Plans, and who has which.</summary>
    public static readonly Scope Plans = Scope.Parse("cortex:admin:plans");

    public static readonly Scope Clients = Scope.Parse("cortex:admin:clients");

    public static readonly Scope Keys = Scope.Parse("cortex:admin:keys");

    /// <summary>The configuration, and how the backends fare.</summary>
    public static readonly Scope Config = Scope.Parse("cortex:admin:config");

    /// <summary>Needs and tickets, and what is to be sent about them.</summary>
    public static readonly Scope Tickets = Scope.Parse("cortex:admin:tickets");

    /// <summary>What is in quarantine. Decisions are for persons alone.</summary>
    public static readonly Scope Integrity = Scope.Parse("cortex:admin:integrity");

    /// <summary>All of them.</summary>
    public static readonly ScopeSet All = ScopeSet.Of([
        Everything, .. ((Scope[])[Persons, Plans, Clients, Keys, Config, Tickets, Integrity]).SelectMany(area => (Scope[])[area, ToRead(area)])]);

    /// <summary>The scope to look at an area.</summary>
    public static Scope ToRead(Scope area) => Scope.Parse($"{area}:read");

    /// <summary>True when one of <paramref name="held"/> covers <paramref name="needed"/>.</summary>
    public static bool Cover(IEnumerable<Scope> held, Scope needed) => held.Any(scope =>
        All.Contains(scope) && (scope == needed || needed.Value.StartsWith(scope.Value + ":", StringComparison.Ordinal)));
}
