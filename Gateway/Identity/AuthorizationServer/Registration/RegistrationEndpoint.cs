using System.Buffers;
using System.Text.Json;
using Cortex.Governance.Audit;
using OpenIddict.Abstractions;

namespace Cortex.Identity.AuthorizationServer.Registration;

/// <summary>
/// <c>POST /oauth/register</c>: dynamic client registration (<see href="https://www.rfc-editor.org/rfc/rfc7591#section-3">RFC 7591,
/// section 3</see>). 201 with what was registered, or 400 with <c>invalid_redirect_uri</c> or <c>invalid_client_metadata</c>.
/// </summary>
internal static class RegistrationEndpoint
{
    private const int MaxBodyBytes = 8 * 1024;

    public static async Task<IResult> HandleAsync(
        HttpContext context, ClientRegistry registry, AuditLog audit, TimeProvider time, CancellationToken cancellationToken)
    {
        context.Response.Headers.CacheControl = "no-store";
        var result = await ReadAsync(context.Request, cancellationToken) switch
        {
            { } metadata => RegistrationPolicy.Decide(metadata),
            null => RegistrationResult.InvalidMetadata($"The body must be one JSON object of at most {MaxBodyBytes} bytes with members of the types in RFC 7591."),
        };
        return result switch
        {
            RegistrationResult.Accepted accepted => await RegisterAsync(accepted.Client, registry, audit, time, cancellationToken),
            RegistrationResult.Refused refused => Refuse(refused, audit, time),
            _ => throw new InvalidOperationException($"No reply is written for {result}."),
        };
    }

    private static async Task<IResult> RegisterAsync(
        ClientMetadata client, ClientRegistry registry, AuditLog audit, TimeProvider time, CancellationToken cancellationToken)
    {
        RegisteredClient registered;
        try
        {
            registered = await registry.AddAsync(client, cancellationToken);
        }
        catch (OpenIddictExceptions.ValidationException exception)
        {
            // OpenIddict's own rules for redirect URIs, such as no code or state in their query.
            var refused = new RegistrationResult.Refused("invalid_redirect_uri", exception.Results.FirstOrDefault()?.ErrorMessage ?? exception.Message);
            return Refuse(refused, audit, time);
        }

        await audit.WriteAsync(
            new AuditRecord
            {
                Event = "auth.register",
                Outcome = "ok",
                Time = time.GetUtcNow(),
                ClientId = registered.ClientId,
                Detail = $"{registered.ApplicationType} client, {registered.TokenEndpointAuthMethod}",
            },
            cancellationToken);
        return Results.Json(registered, RegistrationJson.Default.RegisteredClient, statusCode: StatusCodes.Status201Created);
    }

    private static IResult Refuse(RegistrationResult.Refused refused, AuditLog audit, TimeProvider time)
    {
        audit.Record(new AuditRecord { Event = "auth.register", Outcome = "denied", Time = time.GetUtcNow(), Detail = refused.Error });
        return Results.Json(
            new RegistrationError(refused.Error, refused.Description), RegistrationJson.Default.RegistrationError, statusCode: StatusCodes.Status400BadRequest);
    }

    private static async Task<ClientMetadata?> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (!request.HasJsonContentType())
            return null;
        var buffer = ArrayPool<byte>.Shared.Rent(MaxBodyBytes + 1);
        try
        {
            var length = await request.Body.ReadAtLeastAsync(buffer.AsMemory(0, MaxBodyBytes + 1), MaxBodyBytes + 1, throwOnEndOfStream: false, cancellationToken);
            return length > MaxBodyBytes ? null : JsonSerializer.Deserialize(buffer.AsSpan(0, length), RegistrationJson.Default.ClientMetadata);
        }
        catch (JsonException)
        {
            // Malformed: the caller answers with the RFC's error.
            return null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
