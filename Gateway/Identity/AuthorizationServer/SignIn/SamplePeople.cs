namespace Cortex.Identity.AuthorizationServer.SignIn;

/// <summary>Made-up people whom the development sign-in offers to pick.</summary>
internal static class SamplePeople
{
    public static IReadOnlyList<SamplePerson> All { get; } =
    [
        new("Alice Archer", "alice@example.com"),
        new("Bob Baker", "bob@example.com"),
        new("Carol Cooper", "carol@example.com"),
        new("Dave Draper", "dave@example.com"),
    ];

    /// <summary>The name to show for an address: the sample person's, or what stands before the @.</summary>
    public static string NameOf(string email) =>
        All.FirstOrDefault(person => person.Email == email)?.Name ?? email[..email.LastIndexOf('@')];
}

/// <summary>One made-up person. Public because components are.</summary>
public sealed record SamplePerson(string Name, string Email);
