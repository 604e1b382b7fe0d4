using Cortex.Foundation.Configuration;
using Cortex.Foundation.Storage;
using NUnit.Framework;

namespace Cortex.Tests.Foundation.Storage;

/// <summary>What <c>storage:</c> may say.</summary>
internal sealed class StorageOptionsValidatorTests
{
    [TestCase("sqlite:data/cortex.db", null)]
    [TestCase("sqlite:/var/lib/cortex.db", "")]
    [TestCase("postgres:Host=db;Database=cortex;Username=u;Password=p", "redis:6379,password=p,ssl=true")]
    public void Good_addresses_pass(string database, string? redis) =>
        Assert.That(Validate(database, redis), Is.Empty);

    [TestCase("")]
    [TestCase("data/cortex.db")]
    [TestCase("sqlite:")]
    [TestCase("sqlite::memory:")]
    [TestCase("mysql:Host=db")]
    [TestCase("postgres:")]
    [TestCase("postgres:Host=db")]
    [TestCase("postgres:Database=cortex")]
    [TestCase("postgres:postgresql://u:geheim@db/cortex")]
    [TestCase("postgres:Host=db;Database=cortex;geheim=1")]
    public void Bad_database_is_one_error_that_never_repeats_the_address(string database)
    {
        var errors = Validate(database, redis: null);
        Assert.That(errors.Select(error => error.Path), Is.EqualTo(new[] { "storage.database" }));
        Assert.That(errors[0].Problem + errors[0].Mend, Does.Not.Contain("geheim"));
    }

    [TestCase("password=geheim")]
    [TestCase("redis:6379,geheim=1")]
    [TestCase("redis:6379,ssl=geheim")]
    public void Bad_redis_is_one_error_that_never_repeats_the_address(string redis)
    {
        var errors = Validate("sqlite:cortex.db", redis);
        Assert.That(errors.Select(error => error.Path), Is.EqualTo(new[] { "storage.redis" }));
        Assert.That(errors[0].Problem + errors[0].Mend, Does.Not.Contain("geheim"));
    }

    private static IReadOnlyList<SectionError> Validate(string database, string? redis)
    {
        var validation = new SectionValidation();
        StorageRegistration.Section.Validate(new StorageOptions { Database = database, Redis = redis }, validation);
        return validation.Errors;
    }
}
