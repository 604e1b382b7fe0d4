namespace Cortex.Foundation.Configuration;

/// <summary>One root key of <c>cortex.yaml</c>, declared by the room that owns it.</summary>
/// <param name="key">The root key, for example <c>storage</c>.</param>
/// <param name="optionsType">The options class the key binds to; its property defaults are the defaults of the keys.</param>
/// <param name="hotReload">False when a change of this section takes effect at the next start only.</param>
internal abstract class ConfigurationSection(string key, Type optionsType, bool hotReload)
{
    public string Key => key;

    public Type OptionsType => optionsType;

    public bool HotReload => hotReload;

    /// <summary>Checks bound options beyond their types; reports every fault it finds.</summary>
    public abstract void Validate(object options, SectionValidation validation);
}

/// <summary>A root key bound to <typeparamref name="TOptions"/>.</summary>
internal sealed class ConfigurationSection<TOptions>(
    string key,
    Action<TOptions, SectionValidation>? validate = null,
    bool hotReload = true) : ConfigurationSection(key, typeof(TOptions), hotReload)
    where TOptions : class, new()
{
    public override void Validate(object options, SectionValidation validation) =>
        validate?.Invoke((TOptions)options, validation);

    /// <summary>The same section with one more check, of a room that it does not know.</summary>
    public ConfigurationSection<TOptions> And(Action<TOptions, SectionValidation> further) =>
        new(Key, validate + further, HotReload);
}
