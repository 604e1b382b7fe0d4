using System.Text.Json.Serialization;
using Cortex.Identity.AuthorizationServer.ClientDocuments;

namespace Cortex.Identity.AuthorizationServer.Registration;

/// <summary>The JSON of registrations: snake_case, absent members left out, repeated members refused.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    AllowDuplicateProperties = false)]
[JsonSerializable(typeof(ClientMetadata))]
[JsonSerializable(typeof(RegisteredClient))]
[JsonSerializable(typeof(RegistrationError))]
[JsonSerializable(typeof(DocumentHead))]
internal sealed partial class RegistrationJson : JsonSerializerContext;
