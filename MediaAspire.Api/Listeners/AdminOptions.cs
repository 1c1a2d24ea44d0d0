using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace MediaAspire.Api.Listeners;

/// <summary>Settings of the listener for operators. Bound from the <c>Admin</c> section.</summary>
internal sealed class AdminOptions
{
    public const string SectionName = "Admin";

    /// <summary>Gets or sets the port on which the process serves the routes for operators, besides all others.</summary>
    /// <value>
    /// Without it, the process does not serve them. The setting adds no listener; the addresses of the process must include the port.
    /// </value>
    [Range(1, 65535)]
    public int? Port { get; set; }
}

/// <summary>Checks the data annotations of <see cref="AdminOptions"/>; source-generated.</summary>
[OptionsValidator]
internal sealed partial class AdminOptionsValidator : IValidateOptions<AdminOptions>;
