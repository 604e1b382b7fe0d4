using System.Text.Json;

namespace Cortex.Sessions;

/// <summary>The capabilities of a client that the gateway relays, as they were found in the client's own object.</summary>
internal sealed class DeclaredCapabilities
{
    private bool _roots;
    private bool _sampling;
    private bool _samplingContext;
    private bool _samplingTools;
    private bool _elicitation;
    private bool _elicitationForm;
    private bool _elicitationUrl;

    /// <summary>Value of the extension <c>io.modelcontextprotocol/ui</c>: a server decides by it what it lists and returns, and asks nothing back.</summary>
    private byte[]? _ui;

    public bool AsksBack => _roots || _sampling || _elicitation;

    public bool OpensUrls => _elicitation && _elicitationUrl;

    public bool IsEmpty => !AsksBack && _ui is null;

    /// <summary>Reads the client's object; throws <see cref="JsonException"/> when it is no JSON.</summary>
    public static DeclaredCapabilities Read(ReadOnlySpan<byte> json)
    {
        var declared = new DeclaredCapabilities();
        var reader = new Utf8JsonReader(json);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
            return declared;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            declared.ReadMember(ref reader);
        return declared;
    }

    /// <summary>The normal form.</summary>
    public byte[] Write()
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (_elicitation)
                WriteModes(json, "elicitation"u8, _elicitationForm, "form"u8, _elicitationUrl, "url"u8);
            if (_ui is not null)
            {
                json.WriteStartObject("extensions"u8);
                json.WritePropertyName("io.modelcontextprotocol/ui"u8);
                json.WriteRawValue(_ui, skipInputValidation: true);
                json.WriteEndObject();
            }

            if (_roots)
                WriteModes(json, "roots"u8, false, default, false, default);
            if (_sampling)
                WriteModes(json, "sampling"u8, _samplingContext, "context"u8, _samplingTools, "tools"u8);
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private void ReadMember(ref Utf8JsonReader reader)
    {
        if (reader.ValueTextEquals("roots"u8))
        {
            _roots = TryReadModes(ref reader, default, default, out _, out _, out _);
        }
        else if (reader.ValueTextEquals("sampling"u8))
        {
            _sampling = TryReadModes(ref reader, "context"u8, "tools"u8, out _samplingContext, out _samplingTools, out _);
        }
        else if (reader.ValueTextEquals("elicitation"u8))
        {
            // An empty object means forms; one that names only modes we do not know means neither form nor URL.
            _elicitation = TryReadModes(ref reader, "form"u8, "url"u8, out _elicitationForm, out _elicitationUrl, out var isEmpty)
                && (isEmpty || _elicitationForm || _elicitationUrl);
        }
        else if (reader.ValueTextEquals("extensions"u8))
        {
            ReadExtensions(ref reader);
        }
        else
        {
            reader.Skip();
        }
    }

    private void ReadExtensions(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isUi = reader.ValueTextEquals("io.modelcontextprotocol/ui"u8);
            reader.Read();
            if (isUi && reader.TokenType == JsonTokenType.StartObject)
                _ui = SortedJson.Read(ref reader);
            else
                reader.Skip();
        }
    }

    /// <summary>Reads an object and which of two members it has as objects; false when it is no object.</summary>
    private static bool TryReadModes(
        ref Utf8JsonReader reader, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, out bool hasFirst, out bool hasSecond, out bool isEmpty)
    {
        hasFirst = false;
        hasSecond = false;
        isEmpty = true;
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return false;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            isEmpty = false;
            var isFirst = !first.IsEmpty && reader.ValueTextEquals(first);
            var isSecond = !second.IsEmpty && reader.ValueTextEquals(second);
            reader.Read();
            hasFirst |= isFirst && reader.TokenType == JsonTokenType.StartObject;
            hasSecond |= isSecond && reader.TokenType == JsonTokenType.StartObject;
            reader.Skip();
        }

        return true;
    }

    private static void WriteModes(
        Utf8JsonWriter json, ReadOnlySpan<byte> name, bool hasFirst, ReadOnlySpan<byte> first, bool hasSecond, ReadOnlySpan<byte> second)
    {
        json.WriteStartObject(name);
        if (hasFirst)
        {
            json.WriteStartObject(first);
            json.WriteEndObject();
        }

        if (hasSecond)
        {
            json.WriteStartObject(second);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }
}
