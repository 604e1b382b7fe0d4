using System.Security.Claims;
using Cortex.Foundation.Model;
using Cortex.Governance.Audit;
using Cortex.Identity.Callers;
using Microsoft.AspNetCore.Authentication;
using OpenIddict.Abstractions;

namespace Cortex.Identity.AuthorizationServer.SignIn;

/// <summary>Who is signed in at this browser, by a cookie that holds the person's id and the generation of their sessions.</summary>
internal sealed class PersonSession(PersonStore persons, SessionGenerations generations, AuditLog audit, TimeProvider time)
{
    /// <summary>Authentication scheme of the cookie.</summary>
    public const string Scheme = "Cortex.Person";

    /// <summary>
    /// The person signed in, or null. Makes them the request's user, so that antiforgery tokens count for this person only.
    /// </summary>
    public async Task<Person?> FindAsync(HttpContext context)
    {
        var ticket = await context.AuthenticateAsync(Scheme);
        context.User = ticket.Principal ?? new ClaimsPrincipal(new ClaimsIdentity());
        return PersonId.TryParse(ticket.Principal?.FindFirstValue(OpenIddictConstants.Claims.Subject), out var id)
            ? await persons.FindAsync(id, context.RequestAborted)
            : null;
    }

    /// <summary>Signs a person in, in a new session, and writes it to the audit log first.</summary>
    public async Task SignInAsync(HttpContext context, Person person, SignInKind kind)
    {
        await audit.WriteAsync(
            new AuditRecord
            {
                Event = "auth.sign_in",
                Outcome = "ok",
                Time = time.GetUtcNow(),
                PersonId = person.Id.Value,
                Detail = kind.ToString(),
            },
            context.RequestAborted);
        var identity = new ClaimsIdentity(
            [new Claim(OpenIddictConstants.Claims.Subject, person.Id.Value), await generations.MakeClaimAsync(person.Id, context.RequestAborted)], Scheme, OpenIddictConstants.Claims.Subject, roleType: null);
        await context.SignInAsync(Scheme, new ClaimsPrincipal(identity));
    }

    public static Task SignOutAsync(HttpContext context) => context.SignOutAsync(Scheme);
}
