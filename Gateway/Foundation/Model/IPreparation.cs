namespace Cortex.Foundation.Model;

/// <summary>
/// Work that must be done before the gateway listens (migrations, keys). Every registered preparation runs once, one after the other,
/// in the order of registration; an exception stops the start.
/// </summary>
internal interface IPreparation
{
    Task PrepareAsync(CancellationToken cancellationToken);
}
