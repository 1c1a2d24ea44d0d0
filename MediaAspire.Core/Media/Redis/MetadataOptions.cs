using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace MediaAspire.Core.Media.Redis;

/// <summary>The settings of the catalog's stores. Bound from the <c>Metadata</c> section; the same in every process.</summary>
public sealed class MetadataOptions : IValidatableObject
{
    public const string SectionName = "Metadata";

    /// <summary>The value of <see cref="Stores"/> for PostgreSQL alone.</summary>
    public const string Postgres = "postgres";

    /// <summary>The value of <see cref="Stores"/> for reads from Redis, with PostgreSQL as the truth.</summary>
    public const string RedisAndPostgres = "redis+postgres";

    /// <summary>Gets or sets the stores.</summary>
    /// <value><c>postgres</c>, the default, or <c>redis+postgres</c>.</value>
    [AllowedValues(Postgres, RedisAndPostgres)]
    public string Stores { get; set; } = Postgres;

    /// <summary>
    /// Gets or sets the time for which a process reads from Redis after PostgreSQL told it that it may. A write that Redis did not confirm
    /// waits that long before it is acknowledged.
    /// </summary>
    /// <value>The default is 3 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.200", "00:01:00")]
    public TimeSpan LeaseDuration { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>Gets or sets the pause between two renewals of the lease.</summary>
    /// <value>The default is 1 second; less than half of <see cref="LeaseDuration"/>.</value>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:00:30")]
    public TimeSpan RenewalInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Gets or sets what is added to each wait for the leases of others, because clocks do not run equally fast.</summary>
    /// <value>The default is 500 ms, enough for clocks that differ by 16 % of the lease.</value>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:00:30")]
    public TimeSpan ClockMargin { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Gets or sets how long a read waits for Redis before it asks PostgreSQL.</summary>
    /// <value>The default is 100 ms.</value>
    [Range(typeof(TimeSpan), "00:00:00.005", "00:00:05")]
    public TimeSpan ReadTimeout { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Gets or sets for how long reads leave Redis alone after it failed one.</summary>
    /// <value>The default is 1 second.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan ReadPause { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Gets or sets how long a write waits for Redis before it closes the generation.</summary>
    /// <value>The default is 1 second.</value>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:00:30")]
    public TimeSpan WriteTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Gets or sets the time after which a value that was not written again leaves Redis.</summary>
    /// <value>The default is 24 hours. Each value has up to a tenth less, so that not all leave at once.</value>
    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00")]
    public TimeSpan ValueLifetime { get; set; } = TimeSpan.FromHours(24);

    /// <summary>
    /// Gets or sets the pause between two comparisons of all items, in which the worker puts into Redis what is missing there.
    /// </summary>
    /// <value>The default is 6 hours; less than <see cref="ValueLifetime"/> keeps every item in Redis.</value>
    [Range(typeof(TimeSpan), "00:00:01", "30.00:00:00")]
    public TimeSpan SyncInterval { get; set; } = TimeSpan.FromHours(6);

    /// <summary>Gets a value indicating whether Redis is used.</summary>
    public bool UsesRedis => Stores == RedisAndPostgres;

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (RenewalInterval * 2 >= LeaseDuration)
        {
            yield return new(
                $"RenewalInterval is {RenewalInterval} and LeaseDuration {LeaseDuration}: one slow renewal would end the reads from Redis. "
                + "Set RenewalInterval below half of LeaseDuration.",
                [nameof(RenewalInterval)]);
        }
    }
}

[OptionsValidator]
internal sealed partial class MetadataOptionsValidator : IValidateOptions<MetadataOptions>;
