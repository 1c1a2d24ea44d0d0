using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace MediaAspire.Worker.MediaAccess;

/// <summary>The settings of the access of media. Bound from the <c>Media</c> section.</summary>
public sealed class MediaAccessOptions
{
    public const string SectionName = "Media";

    /// <summary>Gets or sets the pause between two looks for objects whose public access has to change in the object store.</summary>
    /// <value>The default is 10 seconds. Requests that change the access of an item do it at once, if the store answers.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan AccessInterval { get; set; } = TimeSpan.FromSeconds(10);
}

/// <summary>Checks the data annotations of <see cref="MediaAccessOptions"/>; source-generated.</summary>
[OptionsValidator]
internal sealed partial class MediaAccessOptionsValidator : IValidateOptions<MediaAccessOptions>;
