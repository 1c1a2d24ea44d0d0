using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace MediaAspire.Worker.Database;

/// <summary>The settings of the <c>migrate</c> command.</summary>
public sealed class MigrateOptions
{
    public const string SectionName = "Migrations";

    /// <summary>Gets or sets the time that the command waits for a database that does not answer, before it ends with an error.</summary>
    /// <value>The default is 5 minutes.</value>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan Patience { get; set; } = TimeSpan.FromMinutes(5);
}

[OptionsValidator]
internal sealed partial class MigrateOptionsValidator : IValidateOptions<MigrateOptions>;
