using Mono.Cecil;
using Mono.Cecil.Cil;
using NUnit.Framework;

namespace Cortex.Tests;

/// <summary>
/// Holds the order of the rooms against the compiled IL: a room may use only rooms named before it. The root namespace composes and may use
/// all; a room that is a part of another (<c>Mcp.Forwarding</c>) counts as that room.
/// </summary>
internal sealed class LayeringTests
{
    private const string Root = "Cortex.";

    private static readonly string[] Rooms =
    [
        "Foundation.Model", "Foundation.JsonRpc", "Foundation.Observability", "Foundation.Configuration", "Foundation.Storage",
        "Foundation.Sealing", "Foundation.Outbound", "Foundation.Webhooks", "Foundation.Pages",
        "Governance.Audit", "Governance.Limits", "Governance.Integrity",
        "Backends",
        "Identity.Callers", "Identity.Entitlements", "Identity.Minting", "Identity.AuthorizationServer", "Identity.Vault", "Identity.Linking",
        "Identity.Credentials",
        "Sessions", "Catalog", "Feedback", "Builtins", "Mcp", "Console", "Demo", "Cli",
    ];

    /// <summary>Rooms that must not use another although the order would allow it.</summary>
    private static readonly (string Room, string Other)[] Apart = [("Console", "Mcp"), ("Cli", "Mcp"), ("Foundation.JsonRpc", "Foundation.Model")];

    [Test]
    public void Room_uses_only_rooms_named_before_it()
    {
        using var assembly = ModuleDefinition.ReadModule(typeof(GatewayApplication).Assembly.Location);
        var offences = Types(assembly)
            .Where(type => RoomOf(type) is not null)
            .SelectMany(type => References(type).Select(other => (type, other)))
            .Where(pair => IsOffence(RoomOf(pair.type)!, RoomOf(pair.other)))
            .Select(pair => $"{pair.type.FullName} uses {pair.other.FullName}")
            .Distinct()
            .Order()
            .ToList();
        Assert.That(offences, Is.Empty, string.Join('\n', offences));
    }

    [Test]
    public void Every_type_lives_in_a_room_or_at_the_root()
    {
        using var assembly = ModuleDefinition.ReadModule(typeof(GatewayApplication).Assembly.Location);
        var strays = Types(assembly)
            .Where(type => type.DeclaringType is null && type.Namespace.StartsWith(Root, StringComparison.Ordinal) && RoomOf(type) is null)
            .Select(type => type.FullName)
            .ToList();
        Assert.That(strays, Is.Empty, string.Join('\n', strays));
    }

    [Test]
    public void JsonRpc_knows_neither_AspNetCore_nor_the_rest_of_the_house()
    {
        using var assembly = ModuleDefinition.ReadModule(typeof(GatewayApplication).Assembly.Location);
        var foreign = Types(assembly)
            .Where(type => RoomOf(type) == "Foundation.JsonRpc")
            .SelectMany(AllReferences)
            .Select(reference => reference.FullName)
            .Where(name => name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal)
                || name.StartsWith("ModelContextProtocol", StringComparison.Ordinal)
                || (name.StartsWith(Root, StringComparison.Ordinal) && !name.StartsWith("Cortex.Foundation.JsonRpc.", StringComparison.Ordinal)))
            .Distinct()
            .ToList();
        Assert.That(foreign, Is.Empty);
    }

    /// <summary>The client is large: a gateway that asks no cluster never loads it.</summary>
    [Test]
    public void Discovery_alone_knows_the_client_of_the_cluster()
    {
        using var assembly = ModuleDefinition.ReadModule(typeof(GatewayApplication).Assembly.Location);
        var users = Types(assembly)
            .Where(type => AllReferences(type).Any(reference => reference.FullName.StartsWith("k8s.", StringComparison.Ordinal)))
            .Select(type => type.FullName)
            .ToList();
        Assert.That(users, Is.Not.Empty.And.All.StartsWith("Cortex.Backends.Discovery."));
        Assert.That(users, Has.None.EndsWith("Options").And.None.EndsWith("Section").And.None.EndsWith("Registration"), "what runs also where discovery is off");
    }

    [Test]
    public void Checker_sees_a_use_inside_a_method_body()
    {
        using var assembly = ModuleDefinition.ReadModule(typeof(GatewayApplication).Assembly.Location);
        var dispatcher = Types(assembly).Where(type => type.FullName.StartsWith("Cortex.Mcp.McpDispatcher", StringComparison.Ordinal));
        Assert.That(dispatcher.SelectMany(References).Select(type => type.FullName), Has.Member("Cortex.Identity.Callers.BearerChallenge"));
        Assert.That(IsOffence("Foundation.Model", "Mcp"));
        Assert.That(IsOffence("Mcp", "Foundation.Model"), Is.False);
    }

    private static bool IsOffence(string room, string? other) => other is not null && other != room
        && (Array.IndexOf(Rooms, other) > Array.IndexOf(Rooms, room) || Apart.Contains((room, other)));

    private static IEnumerable<TypeDefinition> Types(ModuleDefinition module) => module.GetTypes().Where(type => !type.FullName.StartsWith('<'));

    private static string? RoomOf(TypeReference type)
    {
        var outermost = type;
        while (outermost.DeclaringType is not null)
            outermost = outermost.DeclaringType;
        if (!outermost.Namespace.StartsWith(Root, StringComparison.Ordinal))
            return null;
        var name = outermost.Namespace[Root.Length..];
        return Rooms.FirstOrDefault(room => name == room || name.StartsWith(room + ".", StringComparison.Ordinal));
    }

    private static IEnumerable<TypeReference> References(TypeDefinition type) => AllReferences(type).Where(reference => RoomOf(reference) is not null);

    /// <summary>Every type that a type's base, members, attributes and method bodies name, generic arguments included.</summary>
    private static IEnumerable<TypeReference> AllReferences(TypeDefinition type)
    {
        IEnumerable<TypeReference?> named =
        [
            type.BaseType,
            .. type.Interfaces.Select(implemented => implemented.InterfaceType),
            .. type.CustomAttributes.Select(attribute => attribute.AttributeType),
            .. type.Fields.Select(field => field.FieldType),
            .. type.Properties.Select(property => property.PropertyType),
            .. type.Events.Select(raised => raised.EventType),
            .. type.Methods.SelectMany(OfMethod),
        ];
        return named.OfType<TypeReference>().SelectMany(Unfold);
    }

    private static IEnumerable<TypeReference?> OfMethod(MethodDefinition method) =>
    [
        method.ReturnType,
        .. method.Parameters.Select(parameter => parameter.ParameterType),
        .. method.HasBody ? method.Body.Variables.Select(variable => variable.VariableType) : [],
        .. method.HasBody ? method.Body.Instructions.SelectMany(OfInstruction) : [],
    ];

    private static IEnumerable<TypeReference?> OfInstruction(Instruction instruction) => instruction.Operand switch
    {
        TypeReference type => [type],
        FieldReference field => [field.DeclaringType, field.FieldType],
        GenericInstanceMethod method => [method.DeclaringType, method.ReturnType, .. method.GenericArguments],
        MethodReference method => [method.DeclaringType, method.ReturnType],
        _ => [],
    };

    private static IEnumerable<TypeReference> Unfold(TypeReference type) => type switch
    {
        GenericInstanceType generic => [generic.ElementType, .. generic.GenericArguments.SelectMany(Unfold)],
        TypeSpecification specification => Unfold(specification.ElementType),
        _ => [type],
    };
}
