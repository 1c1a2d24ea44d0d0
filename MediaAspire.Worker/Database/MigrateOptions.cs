using System.ComponentModel.DataAnnotations;
using MediaAspire.Core.Database;
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

    /// <summary>Gets or sets the role of API and worker, which gets the rights to read and write rows.</summary>
    /// <value>A name of lower-case letters, digits and underscores. Empty, the default, for none: they log in as the owner.</value>
    [RegularExpression(RoleName)]
    public string ApplicationRole { get; set; } = "";

    /// <summary>Gets or sets the password of <see cref="ApplicationRole"/>, which is created with it, or gets it.</summary>
    /// <value>Empty, the default, for a role that exists already and keeps its password.</value>
    public string ApplicationPassword { get; set; } = "";

    /// <summary>Gets or sets the role of storage nodes, which gets the rights to register and to find the other servers.</summary>
    /// <value>A name as that of <see cref="ApplicationRole"/>; empty, the default, for none.</value>
    [RegularExpression(RoleName)]
    public string NodeRole { get; set; } = "";

    /// <summary>Gets or sets the password of <see cref="NodeRole"/>, which is created with it, or gets it.</summary>
    /// <value>Empty, the default, for a role that exists already and keeps its password.</value>
    public string NodePassword { get; set; } = "";

    /// <summary>Gets the restricted roles.</summary>
    internal DatabaseRoles Roles => new(Role(ApplicationRole, ApplicationPassword), Role(NodeRole, NodePassword));

    private const string RoleName = "[a-z_][a-z0-9_]{0,62}";

    private static DatabaseRole? Role(string name, string password) =>
        name.Length == 0 ? null : new(name, password.Length == 0 ? null : password);
}

[OptionsValidator]
internal sealed partial class MigrateOptionsValidator : IValidateOptions<MigrateOptions>;

/// <summary>A validation of the settings that belong together.</summary>
internal sealed class MigrateOptionsCustomValidator : IValidateOptions<MigrateOptions>
{
    public ValidateOptionsResult Validate(string? name, MigrateOptions options)
    {
        var errors = new List<string>();
        if (options.ApplicationRole.Length == 0 && options.ApplicationPassword.Length > 0)
        {
            errors.Add("Migrations:ApplicationPassword is set without Migrations:ApplicationRole. Set the role's name too.");
        }

        if (options.NodeRole.Length == 0 && options.NodePassword.Length > 0)
        {
            errors.Add("Migrations:NodePassword is set without Migrations:NodeRole. Set the role's name too.");
        }

        if (options.NodeRole.Length > 0 && options.NodeRole == options.ApplicationRole)
        {
            errors.Add(
                $"Migrations:NodeRole and Migrations:ApplicationRole are both '{options.NodeRole}'. Nodes need a role of their own.");
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
